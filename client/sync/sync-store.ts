import type { RowKind } from '#shared/sync-kinds.ts'
import type { MutationBody } from '#shared/sync-overlay.ts'
import type { RowRef, SyncRow } from '#shared/sync-row.ts'
import type { Cursor, FeedRow, MutationResult } from '#shared/wire/sync.ts'
import type { FirstLoadKind } from './ports.ts'

/** Keys are compared like IndexedDB compares them: numbers by size, strings by code units, arrays item by item. */
export type StoreKey = string | number | readonly StoreKey[]

/** Keys above `after` and up to `upTo`; what is left out has no bound. */
export type KeyRange<Key extends StoreKey> = { readonly after?: Key; readonly upTo?: Key }

export interface SyncTable<Row, Key extends StoreKey> {
  get(key: Key): Promise<Row | undefined>
  /** In the order of the keys, undefined where there is no row. */
  getMany(keys: readonly Key[]): Promise<readonly (Row | undefined)[]>
  put(row: Row): Promise<void>
  putMany(rows: readonly Row[]): Promise<void>
  /** The same for rows in which nothing is new that anybody shows or searches: nobody is told to look again. */
  putQuietly(rows: readonly Row[]): Promise<void>
  delete(keys: readonly Key[]): Promise<void>
  deleteRange(range: KeyRange<Key>): Promise<void>
  /** Rows in the order of their keys. */
  range(query: KeyRange<Key> & { readonly limit?: number }): Promise<readonly Row[]>
  count(range?: KeyRange<Key>): Promise<number>
}

/** The log, and those of it that ask for an answer. */
type MutationTable = SyncTable<StoredMutation, number> & {
  /** In the order of their numbers, without a look at the others. */
  prompts(): Promise<readonly StoredMutation[]>
}

/** The last version of a row that the server confirmed, while mutations of this device wait to change it (R8). */
export type Shadow = RowRef & {
  /** The conversation of a message, else the empty string: IndexedDB has no null in a key. */
  readonly group: string
  /** Null for a row that the server has not confirmed at all. */
  readonly row: SyncRow | null
  /** The numbers of the mutations laid over it, in order. */
  readonly pending: readonly number[]
}

/** One mutation of the log (R2). */
export type StoredMutation = {
  readonly n: number
  readonly mid: string
  readonly schema: number
  readonly body: MutationBody
  /** The row it changes. */
  readonly row: RowRef | null
  /** `merge`: made of a row, to tell the server what only this device has: it was put back (R11), or the row was brought in. */
  readonly origin: 'user' | 'merge'
  /** True once it may have left this device. */
  readonly sent: boolean
  /** Where the feed stood when the server acknowledged it (R7). */
  readonly acked: number | null
  readonly result: MutationResult['result'] | null
  /** When the user did it, by the server-corrected clock. */
  readonly made_at: number
}

/** What could not be done, kept until the user has looked at it. */
export type LostEntry = {
  readonly mid: string
  /** `too-old`: a prompt waited so long that it is asked only after a person says so. `refused`: the server took it and did not do it. */
  readonly reason: MutationResult['result'] | 'refused' | 'too-old'
  readonly body: MutationBody
  readonly row: RowRef | null
  /** The row as this device showed it. */
  readonly copy: SyncRow | null
  readonly lost_at: number
}

/** A row of a kind that only a later version of this program knows. */
export type UnknownRow = { readonly kind: string; readonly id: string; readonly era: number; readonly line: FeedRow }

/**
 * A conversation that was brought in, and of whose rows the log knows nothing yet; where `after` is a message, nothing of those
 * behind it.
 */
export type Untold = { readonly id: string; readonly after: string | null }

/**
 * Rows that were brought in and are on their way to the server, all of them as one record: what is said of each is made of the row
 * itself, which nobody changes before the parcel is unpacked.
 */
export type Parcel = {
  /** The number of the first; the others count on from it. */
  readonly n: number
  readonly schema: number
  readonly made_at: number
  readonly rows: readonly PackedRow[]
}
export type PackedRow = RowRef & { readonly mid: string }

/** A conversation whose messages are still to be fetched. */
export type Unloaded = { readonly id: string; readonly updated_at: number }

export type FirstLoad =
  | { readonly phase: 'boot' }
  | { readonly phase: 'conversations'; readonly before: string | null }
  /** The list is here; how far the feed stood when it ended is not known yet. */
  | { readonly phase: 'listed' }
  | { readonly phase: 'kind'; readonly kind: FirstLoadKind; readonly before: string | null }
  | { readonly phase: 'messages' }
  | { readonly phase: 'done' }

export type Recovery =
  | { readonly phase: 'pulling'; readonly merge_n: number }
  | { readonly phase: 'merging'; readonly merge_n: number; readonly kind: RowKind; readonly after: StoreKey | null }

/** What a device must know to go on after any crash; one record, read and written inside the transaction that needs it. */
export type SyncMeta = {
  readonly key: 'sync'
  readonly device: string
  readonly era: number
  readonly epoch: string | null
  readonly cursor: Cursor | null
  readonly ack: readonly [n: number, mid: string]
  readonly next_n: number
  readonly recovery: Recovery | null
  readonly first_load: FirstLoad
  /**
   * While it is not 0, the feed may bring conversations whose older messages are not here: they slipped past the list. It is 0
   * again once the feed was read to its end at this position or a later one.
   */
  readonly listed_at: number
  /** Add it to this device's clock to get the server's. */
  readonly offset_ms: number
  readonly synced_at: number | null
  /** Until then only what somebody opens is fetched, for this device was full; by the server's clock. Absent: it never was. */
  readonly paused_until?: number
}

export type SyncTables = {
  readonly conversations: SyncTable<SyncRow, string>
  /** Keyed `[conversation_id, id]`. */
  readonly messages: SyncTable<SyncRow, readonly [string, string]>
  readonly personas: SyncTable<SyncRow, string>
  readonly settings: SyncTable<SyncRow, string>
  readonly attachments: SyncTable<SyncRow, string>
  readonly usage_logs: SyncTable<SyncRow, string>
  /** Keyed `[kind, group, id]`. */
  readonly shadow: SyncTable<Shadow, readonly [string, string, string]>
  /** Keyed `n`. */
  readonly mut: MutationTable
  /** Keyed `key`. */
  readonly meta: SyncTable<SyncMeta, string>
  /** Keyed `[kind, id]`. */
  readonly unknown: SyncTable<UnknownRow, readonly [string, string]>
  /** Keyed `mid`. */
  readonly lost: SyncTable<LostEntry, string>
  /** Keyed `id`. */
  readonly unloaded: SyncTable<Unloaded, string>
  /** Keyed `id`. */
  readonly untold: SyncTable<Untold, string>
  /** Keyed `n`. */
  readonly parcels: SyncTable<Parcel, number>
}

/** `durable-write` is on the disk when it resolves; what was pulled can be pulled again and need not be. */
export type TransactionMode = 'read' | 'write' | 'durable-write'

/**
 * Transactions as IndexedDB has them: one that awaits anything but its own tables commits at once and then refuses further
 * use; an error or a rejected request rolls all of it back. Throws AppError `disk-full` when there is no room, and a
 * retryable `internal` when the connection to the database was lost.
 */
export interface SyncStore {
  transaction<Result>(mode: TransactionMode, work: (tables: SyncTables) => Promise<Result>): Promise<Result>
  /**
   * Keeps the whole database aside for 30 days and goes on with an empty one (R11, policy `replace`); does nothing when `meta`
   * names another device than this one, for then somebody did it already.
   */
  putAside(device: string): Promise<void>
}
