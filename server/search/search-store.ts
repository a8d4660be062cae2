import { indexableText } from '#shared/search-text.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'

export type SearchRow = {
  readonly message_id: string
  readonly conversation_id: string
  readonly conversation_title: string
  readonly role: string
  readonly model: string | null
  readonly content: string
  readonly created_at: number
}

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

/** The newest messages outside the trash that match an FTS5 expression. */
export function searchMessages(sqlite: Sqlite, userId: number, expression: string, limit: number): SearchRow[] {
  return prepare<SearchRow>(
    sqlite,
    `SELECT m.id AS message_id, m.conversation_id, c.title AS conversation_title, m.role, m.model, m.content, m.created_at
     FROM messages_fts f JOIN messages m ON m.rowid = f.rowid JOIN conversations c ON c.id = m.conversation_id
     WHERE f.content MATCH ? AND m.user_id = ? AND m.purged = 0 AND m.deleted_at IS NULL AND c.deleted_at IS NULL AND c.purged = 0
     ORDER BY f.rowid DESC LIMIT ?`,
  ).all(expression, userId, limit)
}
