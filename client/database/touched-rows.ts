import { Dexie, RangeSet } from 'dexie'
import type { KeyRange, StoreKey, SyncTables } from '../sync/sync-store.ts'
import type { LocalDatabase } from './local-database.ts'
import { toKey } from './store-keys.ts'

/** Which rows one transaction has written. */
export interface TouchedRows {
  key(table: keyof SyncTables, key: StoreKey): void
  range(table: keyof SyncTables, range: KeyRange<StoreKey>): void
  /** Tells the live queries that read any of them, in this page, in workers and in other tabs. */
  announce(): void
}

/** Dexie does not see what goes past it; this tells it what its own transactions would have told. */
export function createTouchedRows(database: LocalDatabase): TouchedRows {
  const touched = new Map<keyof SyncTables, InstanceType<typeof RangeSet>>()

  function rangesOf(table: keyof SyncTables): InstanceType<typeof RangeSet> {
    const known = touched.get(table)
    if (known !== undefined) return known
    const made = new RangeSet()
    touched.set(table, made)
    return made
  }

  return {
    key: (table, key) => {
      rangesOf(table).addKey(toKey(key))
    },
    range: (table, { after, upTo }) => {
      const from = after === undefined ? Dexie.minKey : toKey(after)
      const to = upTo === undefined ? Dexie.maxKey : toKey(upTo)
      rangesOf(table).add({ from, to })
    },
    announce: () => {
      if (touched.size === 0) return
      const parts: Record<string, InstanceType<typeof RangeSet>> = {}
      for (const [table, ranges] of touched) {
        const part = `idb://${database.name}/${table}/`
        parts[part] = ranges
        parts[`${part}:dels`] = ranges
        // Where the row stood in an index before is not known, so whoever reads by one looks again.
        for (const { name } of database.table(table).schema.indexes) {
          parts[`${part}${name}`] = new RangeSet(Dexie.minKey, Dexie.maxKey)
        }
      }
      Dexie.on.storagemutated.fire(parts)
    },
  }
}
