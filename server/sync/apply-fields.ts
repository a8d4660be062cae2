import { TAG_FIELD, type WritableKind } from '#shared/sync-kinds.ts'
import {
  clockOfCreation,
  type FieldClock,
  type FieldClocks,
  type FieldSets,
  mergeFields,
  nextClock,
} from '#shared/sync-rules.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { findRow, insertConflict, type SyncedRow, updateRow } from './rows-store.ts'

/** Where somebody was reading, and when: nobody misses an older value of these. */
const NOT_MISSED = new Set(['active_leaf_id', 'updated_at'])

type Stamp = { readonly now: number; readonly device: string }

/** Sets for one stored row, and the rule that decides which of them count. */
type FieldChange = {
  readonly kind: WritableKind
  readonly row: SyncedRow
  readonly sets: FieldSets
  readonly merge: typeof mergeFields
}

/** R4 for a stored row: takes over each set that is later than what stands. Writes nothing, and takes no `rev`, when none is. */
export function mergeIntoRow(transaction: WriteTransaction, { kind, row, sets, merge }: FieldChange): void {
  const { changed, clocks, lost } = merge(clocksOf(row), clockOfCreation(row.created_at), sets)
  for (const [field, [value, at]] of Object.entries(lost)) {
    if (!NOT_MISSED.has(field)) insertConflict(transaction, kind, row, { field, value, at })
  }
  if (Object.keys(changed).length === 0) return
  updateRow(transaction, kind, row, { ...columnsOf(changed, row['tags']), at: JSON.stringify(clocks) })
}

/** A conversation, and the device under whose name the server changes it. */
export type ConversationTarget = { readonly userId: number; readonly id: string; readonly device: string }

/**
 * A change that the server makes, or a plain REST call: stamped so that it wins over what it replaces, and over every edit that
 * was made before it and comes later. A conversation that is purged or not this user's stays as it is.
 */
export function changeConversation(
  transaction: WriteTransaction,
  target: ConversationTarget,
  values: Readonly<Record<string, unknown>>,
): void {
  const row = findRow(transaction.sqlite, 'conversations', target.userId, target.id)
  if (!row || row.purged || row.user_id !== target.userId) return
  const sets = stampFields(row, values, { ...target, now: transaction.now })
  mergeIntoRow(transaction, { kind: 'conversations', row, sets, merge: mergeFields })
}

/** The same for a change that makes the conversation the newest one. */
export function touchConversation(
  transaction: WriteTransaction,
  target: ConversationTarget,
  values: Readonly<Record<string, unknown>> = {},
): void {
  const standing = findRow(transaction.sqlite, 'conversations', target.userId, target.id)?.['updated_at']
  const updated_at = Math.max(typeof standing === 'number' ? standing : 0, transaction.now)
  changeConversation(transaction, target, { ...values, updated_at })
}

/** The columns of a row's values: the tag fields become the list of tags, added to and taken from the one that stands. */
export function columnsOf(
  values: Readonly<Record<string, unknown>>,
  standingTags: unknown,
): Readonly<Record<string, unknown>> {
  const columns: Record<string, unknown> = {}
  let tags: Set<string> | null = null
  for (const [field, value] of Object.entries(values)) {
    if (!field.startsWith(TAG_FIELD)) {
      columns[field] = value
      continue
    }
    tags ??= new Set<string>(typeof standingTags === 'string' ? JSON.parse(standingTags) : [])
    if (value) tags.add(field.slice(TAG_FIELD.length))
    else tags.delete(field.slice(TAG_FIELD.length))
  }
  return tags ? { ...columns, tags: [...tags].sort() } : columns
}

function stampFields(row: SyncedRow, values: Readonly<Record<string, unknown>>, stamp: Stamp): FieldSets {
  const clocks = clocksOf(row)
  const created = clockOfCreation(row.created_at)
  const sets: Record<string, readonly [unknown, FieldClock]> = {}
  for (const [field, value] of Object.entries(values)) {
    sets[field] = [value, nextClock(stamp.now, clocks[field] ?? created, stamp.device)]
  }
  return sets
}

function clocksOf(row: SyncedRow): FieldClocks {
  return JSON.parse(row.at)
}
