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
const FEW = 1000
/** The newest messages among which a dense word is looked for first. */
const NEWEST = 3000

/** Rows of the index to look at, and messages: only those written after a moment. */
type Stretch = { readonly fromRow: number; readonly toRow: number; readonly afterMs: number }

const EVERYTHING: Stretch = { fromRow: 0, toRow: Number.MAX_SAFE_INTEGER, afterMs: Number.MIN_SAFE_INTEGER }

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
  const { expression, limit } = search
  if (expression === null) return walkBack(sqlite, search, { matching: '', values: [] })
  if (!isDense(sqlite, expression)) {
    const matching = 'AND m.rowid IN (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?)'
    return readMessages(sqlite, search, { from: 'messages m NOT INDEXED', matching, values: [expression] })
  }
  const newest = walkBack(sqlite, search, within(newestStretch(sqlite, search.userId), expression))
  return newest.length >= limit ? newest : walkBack(sqlite, search, within(EVERYTHING, expression))
}

type Matching = { readonly matching: string; readonly values: readonly (string | number)[] }

/** Goes from the newest message back until enough are found. */
function walkBack(sqlite: Sqlite, search: MessageSearch, matching: Matching): SearchRow[] {
  return readMessages(sqlite, search, { from: 'messages m INDEXED BY messages_recent', ...matching })
}

function within({ fromRow, toRow, afterMs }: Stretch, expression: string): Matching {
  return {
    // The sign keeps SQLite from beginning with the list, which it would have to sort. FTS5 jumps to the end of a stretch that it
    // reads backwards, but not to its beginning; without a limit it would not be read backwards.
    matching: `AND m.created_at > ? AND +m.rowid IN (SELECT rowid FROM messages_fts
      WHERE messages_fts MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ${Number.MAX_SAFE_INTEGER})`,
    values: [afterMs, expression, fromRow, toRow],
  }
}

/** The newest messages stand close together in the index, so that little of it has to be read for them. */
function newestStretch(sqlite: Sqlite, userId: number): Stretch {
  const stretch = prepare<Stretch>(
    sqlite,
    `SELECT min(place) AS fromRow, max(place) AS toRow, min(created_at) AS afterMs FROM (
       SELECT rowid AS place, created_at FROM messages INDEXED BY messages_recent
       WHERE user_id = ? AND purged = 0 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ${NEWEST})`,
  ).get(userId)
  return stretch ?? EVERYTHING
}

function readMessages(
  sqlite: Sqlite,
  { userId, conditions, limit }: MessageSearch,
  { from, matching, values }: Matching & { readonly from: string },
): SearchRow[] {
  return prepare<SearchRow>(
    sqlite,
    `SELECT m.id AS message_id, m.conversation_id, c.title AS conversation_title, m.role, m.model, m.content, m.created_at
     FROM (
       SELECT m.rowid AS found FROM ${from} CROSS JOIN conversations c ON c.id = m.conversation_id
       WHERE m.user_id = ? AND m.purged = 0 AND m.deleted_at IS NULL AND c.deleted_at IS NULL AND c.purged = 0
       ${matching} ${conditions.sql}
       ORDER BY m.created_at DESC, m.id DESC LIMIT ?
     ) CROSS JOIN messages m ON m.rowid = found CROSS JOIN conversations c ON c.id = m.conversation_id
     ORDER BY m.created_at DESC, m.id DESC`,
  ).all(userId, ...values, ...conditions.values, limit)
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
