import type { KeyRange, StoreKey, SyncTables } from '../sync/sync-store.ts'
import type { LoggedChange } from './local-database.ts'

/**
 * Notes, in the transaction that writes them, which chats and messages were written. Whoever follows the database by this log
 * misses nothing, wherever it or this page was killed.
 */
export interface ChangeLog {
  rows(table: keyof SyncTables, keys: readonly StoreKey[]): void
  range(table: keyof SyncTables, range: KeyRange<StoreKey>): void
}

/** Behind every id. */
const LAST = '\uffff'
const NOTHING: LoggedChange = { messages: [], conversations: [], emptied: [] }

export function createChangeLog(transaction: IDBTransaction): ChangeLog {
  const add = (change: Partial<LoggedChange>): void => {
    // A request that fails ends the transaction by itself.
    transaction.objectStore('changes').add({ ...NOTHING, ...change })
  }
  return {
    rows: (table, keys) => {
      if (keys.length === 0) return
      if (table === 'messages') add({ messages: keys.map(key => [partOf(key, 0), partOf(key, 1)] as const) })
      if (table === 'conversations') add({ conversations: keys.map(key => partOf(key, 0)) })
    },
    range: (table, { after, upTo }) => {
      const from = after === undefined ? '' : partOf(after, 0)
      const to = upTo === undefined ? LAST : partOf(upTo, 0)
      if (table === 'messages') add({ emptied: [[from, to]] })
    },
  }
}

function partOf(key: StoreKey, index: number): string {
  return String(typeof key === 'object' ? key[index] : key)
}
