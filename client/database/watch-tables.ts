import { Dexie, type ObservabilitySet } from 'dexie'
import type { SyncTables } from '../sync/sync-store.ts'
import type { LocalDatabase } from './local-database.ts'

/** Calls `listener` after each transaction that wrote to one of these tables, in whatever tab or worker, until `alive` ends. */
export function watchTables(
  alive: AbortSignal,
  { name: database }: LocalDatabase,
  { tables, listener }: { readonly tables: readonly (keyof SyncTables)[]; readonly listener: () => void },
): void {
  if (alive.aborted) return
  const prefixes = tables.map(table => `idb://${database}/${table}/`)
  const hear = (parts: ObservabilitySet): void => {
    const isTouched = Object.keys(parts).some(part => prefixes.some(prefix => part.startsWith(prefix)))
    if (isTouched) listener()
  }
  Dexie.on.storagemutated.subscribe(hear)
  alive.addEventListener('abort', () => Dexie.on.storagemutated.unsubscribe(hear), { once: true })
}
