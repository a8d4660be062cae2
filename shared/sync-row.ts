import type { RowKind } from './sync-kinds.ts'
import type { FieldClocks } from './sync-rules.ts'
import type { FeedRow } from './wire/sync.ts'

/** A line of the feed of which only the tombstone is left. It stands here, away from the schemas, which a page need not load at first. */
export const PURGED_FLAG = 1

/**
 * The `era` of a row that was brought in on this device and that no server was told of yet: older than every history, so that a
 * row which comes from any server is laid over it like over one of a lost history (R11).
 */
export const UNTOLD_ERA = -1

/** A row as a device keeps it: the record's own fields, those that this version does not know too (I14), beside what sync needs. */
export type SyncRow = {
  readonly id: string
  /** The feed position of its last change; 0 while the server has not confirmed it. */
  readonly rev: number
  /** How many server histories this device had left behind when the row came; a `rev` means nothing outside its own (R11). */
  readonly era: number
  readonly at: FieldClocks
  /** Only the tombstone is left (R5). */
  readonly purged: boolean
  readonly [field: string]: unknown
}

/** Names one row. Messages lie under their conversation, so that opening one is a single range read. */
export type RowRef = {
  readonly kind: RowKind
  readonly id: string
  readonly conversation_id: string | null
}

/** Names a row that is no message. */
export function rowRef<Kind extends Exclude<RowKind, 'messages'>>(
  kind: Kind,
  id: string,
): RowRef & { readonly kind: Kind } {
  return { kind, id, conversation_id: null }
}

/** Names a message. */
export function messageRef(conversationId: string, id: string): RowRef & { readonly kind: 'messages' } {
  return { kind: 'messages', id, conversation_id: conversationId }
}

/** A line of the feed as a row of the history `era`. */
export function rowOfFeed(line: FeedRow, era: number): SyncRow {
  const [, id, rev, conversationId, flags, fields, at] = line
  const purged = (flags & PURGED_FLAG) !== 0
  const conversation = conversationId === null ? {} : { conversation_id: conversationId }
  return { ...(purged ? {} : fields), ...conversation, id, rev, era, at: purged ? {} : at, purged }
}

/** What a purge leaves of a row. */
export function tombstoneOf(row: SyncRow): SyncRow {
  const { id, rev, era } = row
  const conversation = typeof row['conversation_id'] === 'string' ? { conversation_id: row['conversation_id'] } : {}
  return { ...conversation, id, rev, era, at: {}, purged: true }
}
