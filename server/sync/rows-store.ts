import type { RowKind, WritableKind } from '#shared/sync-kinds.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { deindexMessage, indexMessage } from '../search/search-store.ts'

/** What the rows of all kinds have in common; the other columns stand beside it. */
export type SyncedRow = {
  readonly id: string
  readonly user_id: number
  readonly rev: number
  readonly at: string
  readonly purged: number
  readonly created_at: number
  readonly [column: string]: unknown
}

/** Columns that hold JSON; all others hold the value itself. */
const JSON_COLUMNS = new Set(['params', 'tags', 'attachments', 'value', 'citations', 'error'])
/** JSON columns that are empty where the value is null. */
const EMPTY_WHERE_NULL = new Set(['error'])

/** What is left in the columns of a purged row: nothing that anybody wrote. A message keeps its place in the tree. */
const EMPTIED: Readonly<Record<WritableKind, string>> = {
  conversations: `title = '', model = NULL, system_prompt = NULL, params = '{}', tags = '[]', active_leaf_id = NULL,
    pinned_at = NULL, archived_at = NULL, deleted_at = NULL, device_id = NULL`,
  messages: `content = '', reasoning = NULL, attachments = '[]', citations = '[]', model = NULL, finish_reason = NULL,
    error = NULL, tokens_input = NULL, tokens_output = NULL, tokens_cache_read = NULL, tokens_cache_write = NULL,
    tokens_reasoning = NULL, cost_nanousd = NULL, price_state = NULL, device_id = NULL, deleted_at = NULL`,
  personas: `name = '', system_prompt = NULL, model = NULL, params = '{}', deleted_at = NULL`,
  settings: `value = 'null'`,
  attachments: `sha256 = '', name = '', media_type = '', bytes = 0, width = NULL, height = NULL, deleted_at = NULL`,
}

/** A row in whatever state. It may be another user's, except for settings, whose ids are names that each user has for themselves. */
export function findRow(sqlite: Sqlite, kind: WritableKind, userId: number, id: string): SyncedRow | undefined {
  if (kind !== 'settings') return prepare<SyncedRow>(sqlite, `SELECT * FROM ${kind} WHERE id = ?`).get(id)
  return prepare<SyncedRow>(sqlite, 'SELECT * FROM settings WHERE user_id = ? AND id = ?').get(userId, id)
}

/** Inserts a row with the values given, JSON columns as what they hold. */
export function insertRow(
  transaction: WriteTransaction,
  kind: WritableKind,
  values: Readonly<Record<string, unknown>>,
): void {
  const columns = Object.keys(values)
  const { lastInsertRowid } = prepare(
    transaction.sqlite,
    `INSERT INTO ${kind} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  ).run(...columns.map(column => stored(column, values[column])))
  const { content } = values
  if (kind === 'messages' && typeof content === 'string' && content !== '') {
    indexMessage(transaction.sqlite, Number(lastInsertRowid), content)
  }
}

/** Changes columns of a row and gives it a new place in the feed. */
export function updateRow(
  transaction: WriteTransaction,
  kind: WritableKind,
  row: Pick<SyncedRow, 'user_id' | 'id'>,
  values: Readonly<Record<string, unknown>>,
): void {
  const columns = Object.keys(values)
  prepare(
    transaction.sqlite,
    `UPDATE ${kind} SET ${[...columns, 'rev'].map(column => `${column} = ?`).join(', ')} WHERE user_id = ? AND id = ?`,
  ).run(...columns.map(column => stored(column, values[column])), transaction.nextRev(), row.user_id, row.id)
}

/** Leaves the tombstone of a row, its search entry and the values it has lost included. */
export function emptyRow(
  transaction: WriteTransaction,
  kind: WritableKind,
  row: Pick<SyncedRow, 'user_id' | 'id'>,
): void {
  const { sqlite } = transaction
  if (kind === 'messages') deindexMessage(sqlite, row.id)
  prepare(
    sqlite,
    `UPDATE ${kind} SET ${EMPTIED[kind]}, at = '{}', purged = 1, rev = ? WHERE user_id = ? AND id = ?`,
  ).run(transaction.nextRev(), row.user_id, row.id)
  prepare(sqlite, 'DELETE FROM conflicts WHERE user_id = ? AND row_id = ? AND kind = ?').run(row.user_id, row.id, kind)
}

/** The messages of a conversation that are not purged yet. */
export function listMessageIds(sqlite: Sqlite, conversationId: string): string[] {
  return prepare<{ id: string }>(
    sqlite,
    'SELECT id FROM messages WHERE conversation_id = ? AND purged = 0 ORDER BY created_at, id',
  )
    .all(conversationId)
    .map(({ id }) => id)
}

/** Rows of a user that are not purged. */
export function listRowIds(sqlite: Sqlite, kind: WritableKind, userId: number): string[] {
  return prepare<{ id: string }>(sqlite, `SELECT id FROM ${kind} WHERE user_id = ? AND purged = 0 ORDER BY rev`)
    .all(userId)
    .map(({ id }) => id)
}

/**
 * Rows of all users that lie in the trash since before `time`, by what the deleting device says and by the corrected clock that
 * decided over it: a device that believes it is 1970 does not skip the month in the trash.
 */
export function listTrash(
  sqlite: Sqlite,
  kind: Exclude<WritableKind, 'settings'>,
  time: number,
): Pick<SyncedRow, 'user_id' | 'id'>[] {
  return prepare<Pick<SyncedRow, 'user_id' | 'id'>>(
    sqlite,
    `SELECT user_id, id FROM ${kind}
     WHERE deleted_at < @time AND purged = 0 AND coalesce(json_extract(at, '$.deleted_at[0]'), deleted_at) < @time`,
  ).all({ time })
}

/** How many rows of a kind there are that are not purged. */
export function countRows(sqlite: Sqlite, kind: RowKind, userId: number): number {
  const found = prepare<{ count: number }>(
    sqlite,
    `SELECT COUNT(*) AS count FROM ${kind} WHERE user_id = ?${kind === 'usage_logs' ? '' : ' AND purged = 0'}`,
  ).get(userId)
  return found?.count ?? 0
}

/** Keeps a value that a later one replaced (R4). */
export function insertConflict(
  transaction: WriteTransaction,
  kind: WritableKind,
  row: Pick<SyncedRow, 'user_id' | 'id'>,
  lost: { readonly field: string; readonly value: unknown; readonly at: readonly unknown[] },
): void {
  prepare(
    transaction.sqlite,
    'INSERT INTO conflicts (user_id, kind, row_id, field, value, at, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(row.user_id, kind, row.id, lost.field, JSON.stringify(lost.value), JSON.stringify(lost.at), transaction.now)
}

/** Forgets the lost values recorded before `time`. */
export function deleteConflictsBefore(transaction: WriteTransaction, time: number): void {
  prepare(transaction.sqlite, 'DELETE FROM conflicts WHERE recorded_at < ?').run(time)
}

function stored(column: string, value: unknown): unknown {
  if (value === null && EMPTY_WHERE_NULL.has(column)) return null
  return JSON_COLUMNS.has(column) ? JSON.stringify(value) : value
}
