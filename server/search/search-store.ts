import { indexableText } from '#shared/search-text.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'
import type { Conditions } from './filter-conditions.ts'

export type SearchRow = {
  readonly message_id: string
  readonly conversation_id: string
  readonly conversation_title: string
  readonly role: string
  readonly model: string | null
  readonly content: string
  readonly created_at: number
}

export type MessageSearch = {
  readonly userId: number
  /** FTS5's words for what the message holds; null for any message. */
  readonly expression: string | null
  readonly conditions: Conditions
  readonly limit: number
}

/** Matches up to this number are sorted by time; more are so dense that going back in time finds enough of them sooner. */
const FEW = 4000

/** Puts a message's text into the full-text index, in place of what stood there. */
export function indexMessage(sqlite: Sqlite, rowid: number, content: string): void {
  prepare(sqlite, 'DELETE FROM messages_fts WHERE rowid = ?').run(rowid)
  if (content !== '')
    prepare(sqlite, 'INSERT INTO messages_fts (rowid, content) VALUES (?, ?)').run(rowid, indexableText(content))
}

/** Takes a message's text out of the full-text index. */
export function deindexMessage(sqlite: Sqlite, id: string): void {
  prepare(sqlite, 'DELETE FROM messages_fts WHERE rowid = (SELECT rowid FROM messages WHERE id = ?)').run(id)
}

/** Messages outside the trash that match, newest first (`compareHits`). */
export function searchMessages(sqlite: Sqlite, search: MessageSearch): SearchRow[] {
  const { userId, expression, conditions, limit } = search
  const isWalk = expression === null || (conditions.sql === '' && isDense(sqlite, expression))
  const matching = isWalk
    ? 'EXISTS (SELECT 1 FROM messages_fts WHERE messages_fts MATCH ? AND messages_fts.rowid = m.rowid)'
    : 'm.rowid IN (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?)'
  return prepare<SearchRow>(
    sqlite,
    `SELECT m.id AS message_id, m.conversation_id, c.title AS conversation_title, m.role, m.model, m.content, m.created_at
     FROM (
       SELECT m.rowid AS found FROM messages m ${isWalk ? 'INDEXED BY messages_recent' : 'NOT INDEXED'}
       JOIN conversations c ON c.id = m.conversation_id
       WHERE m.user_id = ? AND m.purged = 0 AND m.deleted_at IS NULL AND c.deleted_at IS NULL AND c.purged = 0
       ${expression === null ? '' : `AND ${matching}`} ${conditions.sql}
       ORDER BY m.created_at DESC, m.id DESC LIMIT ?
     ) JOIN messages m ON m.rowid = found JOIN conversations c ON c.id = m.conversation_id
     ORDER BY m.created_at DESC, m.id DESC`,
  ).all(userId, ...(expression === null ? [] : [expression]), ...conditions.values, limit)
}

/** The titles of all chats outside the trash. */
export function listTitles(sqlite: Sqlite, userId: number): { readonly id: string; readonly title: string }[] {
  return prepare<{ id: string; title: string }>(
    sqlite,
    'SELECT id, title FROM conversations WHERE user_id = ? AND deleted_at IS NULL AND purged = 0',
  ).all(userId)
}

function isDense(sqlite: Sqlite, expression: string): boolean {
  const counted = prepare<{ found: number }>(
    sqlite,
    `SELECT count(*) AS found FROM (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ? LIMIT ${FEW + 1})`,
  ).get(expression)
  return (counted?.found ?? 0) > FEW
}
