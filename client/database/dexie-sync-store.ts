import type { Clock, Scheduler } from '#shared/clock.ts'
import type { SyncStore, SyncTables, TransactionMode } from '../sync/sync-store.ts'
import { type Announce, announceNow } from './calm-announcer.ts'
import type { LocalDatabase } from './local-database.ts'
import { putAside } from './put-aside.ts'
import { type RawTransaction, runRawTransaction } from './raw-transaction.ts'
import { connectionLost, isConnectionLost } from './store-errors.ts'

/** What is waited before each try to get an answer from the database. */
const TRIES_AFTER_MS = [0, 200, 1000, 3000] as const

export type SyncStoreOptions = { readonly clock: Clock; readonly scheduler: Scheduler; readonly announce?: Announce }

/**
 * The sync store over this device's database. A connection that died (a phone that slept, an evicted database) is replaced, and
 * the work begun again as long as the database has not answered it at all; after the fourth try AppError `internal`, retryable.
 */
export function createDexieSyncStore(
  database: LocalDatabase,
  { clock, scheduler, announce = announceNow }: SyncStoreOptions,
): SyncStore {
  async function transaction<Result>(
    mode: TransactionMode,
    work: (tables: SyncTables) => Promise<Result>,
  ): Promise<Result> {
    let failure: unknown = null
    for (const delayMs of TRIES_AFTER_MS) {
      if (delayMs > 0) await new Promise<void>(resolve => void scheduler.after(delayMs, resolve))
      let running: RawTransaction<Result> | null = null
      try {
        running = runRawTransaction(database, await connect(database), { mode, work, announce })
        return await running.result
      } catch (error) {
        failure = running === null ? connectionLost(error) : error
        if (!isConnectionLost(failure) || database.hasBeenClosed()) throw failure
        database.close({ disableAutoOpen: false })
        if (running?.isAnswered()) throw failure
      }
    }
    throw failure
  }

  const store: SyncStore = { transaction, putAside: device => putAside({ store, database, clock }, device) }
  return store
}

/** The connection that Dexie has, or a new one. A database that was closed for good (by a newer tab) is not opened again. */
async function connect(database: LocalDatabase): Promise<IDBDatabase> {
  if (database.hasBeenClosed()) throw connectionLost(null)
  if (!database.isOpen()) await database.open()
  return database.backendDB()
}
