import type { Sqlite } from '../database/open-database.ts'
import { insertRow, prepare, updateRow } from '../database/query.ts'
import type {
  MessageChange,
  NewConversation,
  NewMessage,
  StoredConversation,
  StoredMessage,
} from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { indexMessage } from '../search/search-store.ts'

/** One conversation of the user that is not in the trash, or undefined. */
export function findConversation(sqlite: Sqlite, userId: number, id: string): StoredConversation | undefined {
  const text = 'SELECT * FROM conversations WHERE id = ? AND user_id = ? AND purged = 0 AND deleted_at IS NULL'
  return prepare<StoredConversation>(sqlite, text).get(id, userId)
}

/** One conversation of the user that is not purged, be it in the trash, or undefined. */
export function findAnyConversation(sqlite: Sqlite, userId: number, id: string): StoredConversation | undefined {
  const text = 'SELECT * FROM conversations WHERE id = ? AND user_id = ? AND purged = 0'
  return prepare<StoredConversation>(sqlite, text).get(id, userId)
}

/** True when the id is taken by any conversation, of whatever user or state. */
export function isConversationIdTaken(sqlite: Sqlite, id: string): boolean {
  return prepare(sqlite, 'SELECT 1 FROM conversations WHERE id = ?').get(id) !== undefined
}

/** True when the id is taken by any message, of whatever user or state. */
export function isMessageIdTaken(sqlite: Sqlite, id: string): boolean {
  return prepare(sqlite, 'SELECT 1 FROM messages WHERE id = ?').get(id) !== undefined
}

/** True when the user has a conversation with this id, be it in the trash. */
export function hasConversation(sqlite: Sqlite, userId: number, id: string): boolean {
  const text = 'SELECT 1 FROM conversations WHERE id = ? AND user_id = ?'
  return prepare(sqlite, text).get(id, userId) !== undefined
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
  return prepare<StoredMessage>(sqlite, 'SELECT * FROM messages WHERE id = ?').get(id)
}
