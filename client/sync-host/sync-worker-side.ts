import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import { dropBallast } from '../database/ballast.ts'
import { createDexieSyncStore } from '../database/dexie-sync-store.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { openLocalDatabase } from '../database/open-database.ts'
import { dropOldAsides } from '../database/put-aside.ts'
import type { SyncContext } from '../sync/sync-meta.ts'
import type { SyncStatus } from '../sync/sync-status.ts'
import { createGaze } from './gaze.ts'
import { createLeader, type Leader, type LeaderOptions } from './leader.ts'
import { createLeadership, type Leadership, type Locks } from './leadership.ts'
import type { BetweenWorkers, Command, FromWorker, News, ToWorker } from './worker-messages.ts'

/** The browser as the worker sees it. */
export type WorkerPorts = {
  readonly fetch: typeof fetch
  /** Null on plain HTTP. */
  readonly locks: Locks | null
  readonly channel: BroadcastChannel
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  /** The names of all databases of this origin. */
  readonly databaseNames: () => Promise<readonly string[]>
  /** To the page this worker belongs to. */
  readonly say: (message: FromWorker) => void
}

const NO_STORAGE: SyncStatus = {
  link: 'broken',
  problem: { kind: 'storage-lost' },
  pending: 0,
  lastSyncedAt: null,
  progress: null,
}

/** The worker's side of the sync: it leads, or passes on what its page and the leader say to each other. Returns who hears the page. */
export function createSyncWorkerSide(ports: WorkerPorts): (message: ToWorker) => void {
  const { channel, say, locks } = ports
  let leader: Leader | null = null
  let leadership: Leadership | null = null
  let startLeading: () => Leader | null = () => null
  let opened: Command | null = null
  let isOwnSeen = false

  const send = (message: BetweenWorkers): void => channel.postMessage(message)
  const onFault = (cause: unknown): void => say({ kind: 'fault', message: String(cause) })
  const tell = (news: News): void => {
    say({ kind: 'news', news })
    // Where every tab syncs, each speaks for itself.
    if (locks !== null) send({ kind: 'news', news })
  }

  const gaze = createGaze({ ...ports, onChange: isSeen => leader?.setSeen(isSeen) })

  function look(isVisible: boolean): void {
    isOwnSeen = isVisible
    gaze.own(isVisible)
    leadership?.setVisible(isVisible)
    if (leader === null) send({ kind: 'sight', isSeen: isVisible })
  }

  function obey(command: Command): void {
    if (command.kind === 'open') opened = command
    if (leader === null) send({ kind: 'command', command })
    else leader.obey(command)
  }

  function change(isLeader: boolean): void {
    leader?.stop()
    leader = isLeader ? startLeading() : null
    if (leader === null) obey({ kind: 'hello' })
    else if (opened !== null) leader.obey(opened)
  }

  async function begin({ databaseName, isVisible }: Extract<ToWorker, { kind: 'begin' }>): Promise<void> {
    look(isVisible)
    const database = await openLocalDatabase({
      ...ports,
      name: databaseName,
      onBlocked: () => undefined,
      onClosing: reason => {
        if (reason === 'upgraded') stop()
        // What an engine remembers of a database that is gone is wrong.
        else if (leader !== null) change(true)
      },
    })
    if (database.kind === 'unavailable') {
      say({ kind: 'news', news: { kind: 'status', status: NO_STORAGE } })
      return onFault(database.cause ?? database.reason)
    }
    startLeading = () =>
      createLeader({ ...leaderOptions(ports, database.database), isSeen: gaze.isSeen(), tell, onFault })
    leadership = createLeadership({ ...ports, beat: () => send({ kind: 'heartbeat' }), onChange: change, onFault })
    leadership.setVisible(isOwnSeen)
    if (leader === null) obey({ kind: 'hello' })
    await dropOldAsides(await ports.databaseNames(), ports.clock)
  }

  function stop(): void {
    leadership?.stop()
    leader?.stop()
    leader = null
    gaze.stop()
  }

  channel.addEventListener('message', ({ data }: MessageEvent<BetweenWorkers>) => {
    if (locks === null) return
    switch (data.kind) {
      case 'heartbeat':
        if (isOwnSeen) send({ kind: 'sight', isSeen: true })
        return leadership?.heard()
      case 'sight':
        return gaze.other(data.isSeen)
      case 'command':
        return leader?.obey(data.command)
      case 'news':
        if (leader === null) say({ kind: 'news', news: data.news })
        return
      default:
        return data satisfies never
    }
  })

  return message => {
    switch (message.kind) {
      case 'begin':
        return void begin(message).catch(onFault)
      case 'visibility':
        return look(message.isVisible)
      case 'command':
        return obey(message.command)
      default:
        return message satisfies never
    }
  }
}

function leaderOptions(
  { clock, randomBytes, fetch, scheduler }: WorkerPorts,
  database: LocalDatabase,
): Pick<LeaderOptions, 'context' | 'fetch' | 'scheduler' | 'freeReserve'> {
  const store = createDexieSyncStore(database, { clock, scheduler })
  const context: SyncContext = { store, clock, randomBytes, rules: DEVICE_RULES }
  return { context, fetch, scheduler, freeReserve: () => dropBallast(database) }
}
