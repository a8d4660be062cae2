import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { makeId } from '#shared/ids.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { openLocalDatabase } from '../database/open-database.ts'
import { createLeadership, type Leadership, type Locks } from '../sync-host/leadership.ts'
import type { IndexFiles } from './index-files.ts'
import { createMemoryIndexFiles } from './memory-index-files.ts'
import { leadSearch, type SearchLeader } from './search-leader.ts'
import type { BetweenSearchWorkers, FromSearchWorker, SearchState, ToSearchWorker } from './search-messages.ts'

/** The browser as the worker sees it. */
export type SearchWorkerPorts = {
  /** Null on plain HTTP: then every tab has an index of its own, in memory. */
  readonly locks: Locks | null
  readonly channel: BroadcastChannel
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  /** The private files of this origin; null where the browser has none. */
  readonly openFiles: () => Promise<IndexFiles | null>
  /** Whether something is writing that the index should not follow before it is done. */
  readonly isBusy: () => Promise<boolean>
  /** To the page this worker belongs to. */
  readonly say: (message: FromSearchWorker) => void
}

const RETRY_MS = 2000
/** Files that fail so often are done without: the index is then kept in memory. */
const TRIES_WITH_FILES = 3

/**
 * The worker's side of the search. The files of the index can be open only once, so that one worker of the browser holds them,
 * and the others ask it. Returns who hears the page.
 */
export function createSearchWorkerSide(ports: SearchWorkerPorts): (message: ToSearchWorker) => void {
  const { channel, say, locks, clock, scheduler, randomBytes } = ports
  const me = makeId(clock.now(), randomBytes)
  let database: LocalDatabase | null = null
  let leadership: Leadership | null = null
  let leader: SearchLeader | null = null
  let isLeading = false
  let term: AbortController | null = null
  let failures = 0
  let state: SearchState = { kind: 'away' }
  /** The question of this page that was not answered yet: only the newest counts. */
  let open: Extract<ToSearchWorker, { kind: 'find' }> | null = null

  const send = (message: BetweenSearchWorkers): void => {
    if (locks !== null) channel.postMessage(message)
  }
  const onFault = (cause: unknown): void => say({ kind: 'fault', message: String(cause) })

  function setState(next: SearchState): void {
    state = next
    say({ kind: 'state', state })
    if (term !== null) send({ kind: 'heartbeat', state })
  }

  async function ask(question: Extract<ToSearchWorker, { kind: 'find' }>): Promise<void> {
    open = question
    const { id, text } = question
    if (leader === null) return send({ kind: 'find', from: me, id, text })
    settle(id, await leader.find(text))
  }

  function settle(id: number, answer: Extract<FromSearchWorker, { kind: 'answer' }>['answer']): void {
    if (open?.id === id) open = null
    say({ kind: 'answer', id, answer })
  }

  async function lead(own: AbortController, held: LocalDatabase): Promise<void> {
    const onFailure = (cause: unknown): void => restart(own, cause)
    try {
      const files = failures < TRIES_WITH_FILES ? await ports.openFiles() : null
      const next = await leadSearch({
        alive: own.signal,
        database: held,
        files: files ?? createMemoryIndexFiles(),
        clock,
        scheduler,
        isBusy: ports.isBusy,
        onShare: share => setState({ kind: 'here', share }),
        onFailure,
      })
      if (own.signal.aborted) return
      leader = next
      if (open !== null) await ask(open)
    } catch (cause) {
      onFailure(cause)
    }
  }

  /** What failed is begun anew: the index is only a copy. */
  function restart(own: AbortController, cause: unknown): void {
    if (own.signal.aborted) return
    failures++
    // The first failures are those of a tab that holds the files and is about to let go of them.
    if (failures > TRIES_WITH_FILES) onFault(cause)
    change(false)
    scheduler.after(RETRY_MS, () => {
      if (term === null && isLeading) change(true)
    })
  }

  function change(isToLead: boolean): void {
    term?.abort()
    term = null
    leader = null
    if (!isToLead || database === null) {
      setState({ kind: 'away' })
      return
    }
    const own = new AbortController()
    term = own
    void lead(own, database).catch(onFault)
  }

  async function begin({ databaseName, isVisible }: Extract<ToSearchWorker, { kind: 'begin' }>): Promise<void> {
    const opened = await openLocalDatabase({
      ...ports,
      name: databaseName,
      onBlocked: () => undefined,
      onClosing: reason => {
        if (reason === 'upgraded') stop()
        else if (isLeading) change(true)
      },
    })
    if (opened.kind === 'unavailable') return onFault(opened.cause ?? opened.reason)
    database = opened.database
    leadership = createLeadership({
      ...ports,
      lock: 'search',
      beat: () => send({ kind: 'heartbeat', state }),
      onChange: isLeader => {
        isLeading = isLeader
        change(isLeader)
      },
      onFault,
    })
    leadership.setVisible(isVisible)
  }

  function stop(): void {
    isLeading = false
    leadership?.stop()
    change(false)
  }

  channel.addEventListener('message', ({ data }: MessageEvent<BetweenSearchWorkers>) => {
    if (locks === null) return
    switch (data.kind) {
      case 'heartbeat':
        leadership?.heard()
        if (leader === null && !isLeading) hearLeader(data.state)
        return
      case 'find':
        return void answer(data).catch(onFault)
      case 'answer':
        if (data.to === me) settle(data.id, data.answer)
        return
      default:
        return data satisfies never
    }
  })

  function hearLeader(next: SearchState): void {
    const isNew = state.kind === 'away' && next.kind === 'here'
    state = next
    say({ kind: 'state', state })
    // What was asked while nobody held the index is asked again.
    if (isNew && open !== null) void ask(open).catch(onFault)
  }

  async function answer({ from, id, text }: Extract<BetweenSearchWorkers, { kind: 'find' }>): Promise<void> {
    if (leader === null) return
    send({ kind: 'answer', to: from, id, answer: await leader.find(text) })
  }

  return message => {
    switch (message.kind) {
      case 'begin':
        return void begin(message).catch(onFault)
      case 'visibility':
        return leadership?.setVisible(message.isVisible)
      case 'find':
        return void ask(message).catch(onFault)
      default:
        return message satisfies never
    }
  }
}
