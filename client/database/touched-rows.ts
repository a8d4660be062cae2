import { Dexie, RangeSet } from 'dexie'
import type { KeyRange, StoreKey, SyncTables } from '../sync/sync-store.ts'
import type { Announce } from './calm-announcer.ts'
import type { LocalDatabase } from './local-database.ts'
import { toKey } from './store-keys.ts'

/** Which rows one transaction has written. */
export interface TouchedRows {
  key(table: keyof SyncTables, key: StoreKey): void
  range(table: keyof SyncTables, range: KeyRange<StoreKey>): void
  /** Tells the live queries that read any of them, in this page, in workers and in other tabs. */
  announce(): void
}

type Keys = InstanceType<typeof RangeSet>
type KeyPart = string | number
/** From the lowest to the highest last part of keys that are otherwise the same. */
type Span = { readonly head: readonly KeyPart[]; low: KeyPart; high: KeyPart }
type Touched = { readonly ranges: Keys; readonly keys: StoreKey[] }

/** Every page merges each key into a tree of its own, on its main thread: hundreds of them would hold it up. */
const MOST_SINGLE_KEYS = 20

/** Dexie does not see what goes past it; this tells it what its own transactions would have told. */
export function createTouchedRows(database: LocalDatabase, announce: Announce): TouchedRows {
  const touched = new Map<keyof SyncTables, Touched>()

  function touchedIn(table: keyof SyncTables): Touched {
    const known = touched.get(table)
    if (known !== undefined) return known
    const made = { ranges: new RangeSet(), keys: [] }
    touched.set(table, made)
    return made
  }

  return {
    key: (table, key) => {
      touchedIn(table).keys.push(key)
    },
    range: (table, { after, upTo }) => {
      const from = after === undefined ? Dexie.minKey : toKey(after)
      const to = upTo === undefined ? Dexie.maxKey : toKey(upTo)
      touchedIn(table).ranges.add({ from, to })
    },
    announce: () => {
      if (touched.size === 0) return
      const parts: Record<string, Keys> = {}
      for (const [table, { ranges, keys }] of touched) {
        addKeys(ranges, keys)
        const part = `idb://${database.name}/${table}/`
        parts[part] = ranges
        parts[`${part}:dels`] = ranges
        // Where the row stood in an index before is not known, so whoever reads by one looks again.
        for (const { name } of database.table(table).schema.indexes) {
          parts[`${part}${name}`] = new RangeSet(Dexie.minKey, Dexie.maxKey)
        }
      }
      announce(parts)
    },
  }
}

/** Few keys as they are; of many, one span for each conversation, or for the whole table: a query that looks again in vain does no harm. */
function addKeys(ranges: Keys, keys: readonly StoreKey[]): void {
  if (keys.length <= MOST_SINGLE_KEYS) {
    for (const key of keys) ranges.addKey(toKey(key))
    return
  }
  for (const { head, low, high } of spansOf(keys)) {
    const [from, to] =
      head.length === 0
        ? [low, high]
        : [
            [...head, low],
            [...head, high],
          ]
    ranges.add({ from, to })
  }
}

function spansOf(keys: readonly StoreKey[]): Iterable<Span> {
  const spans = new Map<string, Span>()
  for (const key of keys) {
    const parts = partsOf(key)
    const last = parts.at(-1) ?? ''
    const head = parts.slice(0, -1)
    const name = head.join('/')
    const span = spans.get(name)
    if (span === undefined) spans.set(name, { head, low: last, high: last })
    else if (last < span.low) span.low = last
    else if (last > span.high) span.high = last
  }
  return spans.values()
}

function partsOf(key: StoreKey): readonly KeyPart[] {
  const whole = toKey(key)
  return typeof whole === 'object' ? whole : [whole]
}
