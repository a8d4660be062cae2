import type { Sqlite } from '../database/open-database.ts'
import { all, first, insertRow, prepare, sql, updateRow } from '../database/query.ts'
import type {
  MessageChange,
  NewConversation,
  NewMessage,
  StoredConversation,
  StoredMessage,
} from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { indexMessage } from '../search/search-store.ts'

/** Where a page of conversations goes on: the last row of the page before. */
export type PageCursor = { readonly updatedAt: number; readonly id: string | null }

/** One conversation of the user that is not in the trash, or undefined. */
export function findConversation(sqlite: Sqlite, userId: number, id: string): StoredConversation | undefined {
  const text = 'SELECT * FROM conversations WHERE id = ? AND user_id = ? AND purged = 0 AND deleted_at IS NULL'
  return prepare<StoredConversation>(sqlite, text).get(id, userId)
}

/** One conversation of the user that is not purged, be it in the trash, or undefined. */
export function findAnyConversation(sqlite: Sqlite, userId: number, id: string): StoredConversation | undefined {
  return first(
    sqlite,
    sql
      .selectFrom('conversations')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .where('purged', '=', 0),
  )
}

/** True when the id is taken by any conversation, of whatever user or state. */
export function isConversationIdTaken(sqlite: Sqlite, id: string): boolean {
  return first(sqlite, sql.selectFrom('conversations').select('id').where('id', '=', id)) !== undefined
}

/** True when the user has a conversation with this id, be it in the trash. */
export function hasConversation(sqlite: Sqlite, userId: number, id: string): boolean {
  const query = sql.selectFrom('conversations').select('id').where('id', '=', id).where('user_id', '=', userId)
  return first(sqlite, query) !== undefined
}

type ListedConversation = StoredConversation & {
  readonly cost_nanousd: number | null
  readonly preview: string | null
  readonly last_status: string | null
}

/** Conversations outside the trash, newest first, each with what it cost and how its newest words begin. */
export function listConversations(
  sqlite: Sqlite,
  userId: number,
  page: { readonly limit: number; readonly before: PageCursor | null },
): ListedConversation[] {
  let query = sql
    .selectFrom('conversations as c')
    .selectAll('c')
    .select(builder => [
      builder
        .selectFrom('usage_logs as u')
        .select(inner => inner.fn.sum<number | null>('u.cost_nanousd').as('sum'))
        .whereRef('u.conversation_id', '=', 'c.id')
        .as('cost_nanousd'),
      builder
        .selectFrom('messages as m')
        .select(inner => inner.fn<string>('substr', ['m.content', inner.val(1), inner.val(300)]).as('preview'))
        .whereRef('m.conversation_id', '=', 'c.id')
        .where('m.content', '!=', '')
        .where('m.deleted_at', 'is', null)
        .orderBy('m.created_at', 'desc')
        .orderBy('m.id', 'desc')
        .limit(1)
        .as('preview'),
      builder
        .selectFrom('messages as m')
        .select('m.status')
        .whereRef('m.conversation_id', '=', 'c.id')
        .where('m.purged', '=', 0)
        .where('m.deleted_at', 'is', null)
        .orderBy('m.created_at', 'desc')
        .orderBy('m.id', 'desc')
        .limit(1)
        .as('last_status'),
    ])
    .where('c.user_id', '=', userId)
    .where('c.deleted_at', 'is', null)
    .where('c.purged', '=', 0)
  const { before } = page
  if (before) {
    query = query.where(builder =>
      builder.or([
        builder('c.updated_at', '<', before.updatedAt),
        ...(before.id === null
          ? []
          : [builder.and([builder('c.updated_at', '=', before.updatedAt), builder('c.id', '<', before.id)])]),
      ]),
    )
  }
  return all(sqlite, query.orderBy('c.updated_at', 'desc').orderBy('c.id', 'desc').limit(page.limit))
}

/** All messages of a conversation, every branch, oldest first. */
export function listMessages(sqlite: Sqlite, conversationId: string): StoredMessage[] {
  const text = 'SELECT * FROM messages WHERE conversation_id = ? AND purged = 0 ORDER BY created_at, id'
  return prepare<StoredMessage>(sqlite, text).all(conversationId)
}

/** One message of the user, or undefined. */
export function findMessage(sqlite: Sqlite, userId: number, id: string): StoredMessage | undefined {
  const text = 'SELECT * FROM messages WHERE id = ? AND user_id = ? AND purged = 0'
  return prepare<StoredMessage>(sqlite, text).get(id, userId)
}

export function insertConversation(transaction: WriteTransaction, row: NewConversation): void {
  insertRow(transaction.sqlite, 'conversations', row)
}

/** Inserts a message and makes its text searchable. */
export function insertMessage(transaction: WriteTransaction, row: NewMessage): void {
  const lastRowid = insertRow(transaction.sqlite, 'messages', row)
  if (row.content !== '') indexMessage(transaction.sqlite, lastRowid, row.content)
}

/** Changes columns of a message, gives it a new place in the feed, and makes its text searchable. One that is purged stays so. */
export function updateMessage(transaction: WriteTransaction, id: string, values: MessageChange): void {
  const change = { ...values, rev: transaction.nextRev() }
  const changes = updateRow(transaction.sqlite, 'messages', { id, condition: 'purged = 0' }, change)
  if (changes === 0 || values.content === undefined) return
  const row = prepare<{ rowid: number }>(transaction.sqlite, 'SELECT rowid FROM messages WHERE id = ?').get(id)
  if (row) indexMessage(transaction.sqlite, row.rowid, values.content)
}

/** A message of a run, be it purged: then nothing is in it. */
export function findAnswer(sqlite: Sqlite, id: string): StoredMessage | undefined {
  return first(sqlite, sql.selectFrom('messages').selectAll().where('id', '=', id))
}
