import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { makeId } from '#shared/ids.ts'
import type { Api } from '../api/api-client.ts'
import { type OpenedDatabase, openLocalDatabase } from '../database/open-database.ts'
import type { LocalStore } from '../platform/local-store.ts'
import { pagePause } from '../platform/pause.ts'
import { openSearchLine, type SearchLine } from '../search/search-line.ts'
import { liveSignal } from '../signals/live-query.ts'
import { createSyncHost, type SyncHost } from '../sync-host/sync-host.ts'
import type { Period } from '../usage/periods.ts'
import type { OpenedDevice, PageOptions } from './device.ts'
import { createDraftKeeper } from './dexie-draft-keeper.ts'
import { liveChat } from './live-chat.ts'
import { parseSpendingRow } from './parse.ts'
import { createAheadReader } from './read-ahead.ts'
import { countPutAway, readCalls, readChatEnd, readConversations } from './read-chats.ts'
import { readLedger, readLedgerStart, readSettings, readTitles } from './read-ledger.ts'
import { countHeld, readLost, readPersonas } from './read-setup.ts'
import { createSyncLog } from './sync-log.ts'
import { type TemporaryPorts, withTemporaryChat } from './temporary-chat.ts'

export type DeviceOptions = {
  readonly alive: AbortSignal
  readonly spawn: () => Worker
  readonly spawnSearch: () => Worker
  readonly fetch: typeof fetch
  readonly api: Api
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  readonly random: () => number
  readonly marker: LocalStore
  /** An older page of this program, in another tab, keeps the database from being opened. */
  readonly onBlocked: () => void
  /** Hears of what should not happen. */
  readonly onFault: (cause: unknown) => void
}

/** Opens what this device keeps and starts its sync. */
export async function openDevice(options: DeviceOptions): Promise<OpenedDevice> {
  let host: SyncHost | null = null
  const opened = await openLocalDatabase({
    ...options,
    onBlocked: options.onBlocked,
    onClosing: reason => host?.databaseClosing(reason),
  })
  if (opened.kind === 'unavailable') {
    if (opened.reason !== 'refused') return { state: 'closed', reason: opened.reason }
    const { createMemoryDevice } = await import('./memory-device.ts')
    return { state: 'open', device: withTemporaryChat(createMemoryDevice(options), temporaryPorts(options)) }
  }
  host = createSyncHost({ ...options, database: opened.database })
  const search = openSearchLine({ ...options, spawn: options.spawnSearch, databaseName: opened.database.name })
  return deviceOf(opened, { host, search }, options)
}

function deviceOf(
  { database }: Extract<OpenedDatabase, { kind: 'open' }>,
  { host, search }: { readonly host: SyncHost; readonly search: SearchLine },
  options: DeviceOptions,
): OpenedDevice {
  const { alive: pageAlive, clock, scheduler, onFault } = options
  const live = { initial: null, onError: onFault }
  const { status, storage, outbox, edit, dismiss, open, wake } = host
  const ends = createAheadReader(id => readChatEnd(database, id), clock)
  const device = {
    conversations: (alive: AbortSignal, page: PageOptions) =>
      liveSignal(alive, () => readConversations(database, page), live),
    putAway: (alive: AbortSignal) => liveSignal(alive, () => countPutAway(database), live),
    chat: (alive: AbortSignal, conversationId: string) =>
      liveChat(alive, conversationId, { database, ends, scheduler, onError: onFault }),
    lookAhead: ends.begin,
    calls: (alive: AbortSignal, answer: { readonly id: string; readonly conversation_id: string }) =>
      liveSignal(alive, () => readCalls(database, answer), live),
    spending: (alive: AbortSignal, fromMs: number) =>
      liveSignal(
        alive,
        async () => {
          const rows = await database.usage_logs.where('timestamp').aboveOrEqual(fromMs).toArray()
          return rows.flatMap(row => parseSpendingRow(row) ?? [])
        },
        live,
      ),
    ledger: (alive: AbortSignal, period: Period) => liveSignal(alive, () => readLedger(database, period), live),
    ledgerStart: (alive: AbortSignal) => liveSignal(alive, () => readLedgerStart(database), live),
    titles: (alive: AbortSignal, ids: readonly string[]) => liveSignal(alive, () => readTitles(database, ids), live),
    settings: (alive: AbortSignal) => liveSignal(alive, () => readSettings(database), live),
    personas: (alive: AbortSignal) => liveSignal(alive, () => readPersonas(database), live),
    lost: (alive: AbortSignal) => liveSignal(alive, () => readLost(database), live),
    heldHere: (alive: AbortSignal) => liveSignal(alive, () => countHeld(database), live),
    id: (alive: AbortSignal) => liveSignal(alive, async () => (await database.meta.get('sync'))?.device ?? null, live),
    syncLog: createSyncLog(pageAlive, status, clock),
    drafts: createDraftKeeper(database, clock),
  }
  const found = { search: search.state, find: search.find }
  const all = { ...device, ...found, status, storage, outbox, edit, dismiss, open, wake }
  return { state: 'open', device: withTemporaryChat(all, temporaryPorts(options)) }
}

function temporaryPorts({ api, clock, random, randomBytes, onFault }: DeviceOptions): TemporaryPorts {
  return { api, clock, newId: () => makeId(clock.now(), randomBytes), pause: pagePause, random, onFault }
}
