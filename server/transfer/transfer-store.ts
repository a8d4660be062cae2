import type { UsageLog } from '#shared/records.ts'
import type { FileChat } from '#shared/transfer/file-format.ts'
import type { StandingChat } from '#shared/transfer/import/plan-chat.ts'
import { toFileChat } from '#shared/transfer/to-file-chat.ts'
import { findAnyConversation, listMessages } from '../conversations/conversations-store.ts'
import { conversationOf, messageOf } from '../conversations/rows.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'
import { findRow } from '../sync/rows-store.ts'

/** The conversations of a user in the order of their ids, with those in the trash where asked for. */
export function listExportIds(
  sqlite: Sqlite,
  userId: number,
  { withTrash }: { readonly withTrash: boolean },
): string[] {
  const trash = withTrash ? '' : 'AND deleted_at IS NULL'
  const text = `SELECT id FROM conversations WHERE user_id = ? AND purged = 0 ${trash} ORDER BY id`
  return prepare<{ id: string }>(sqlite, text)
    .all(userId)
    .map(({ id }) => id)
}

/** One conversation as it stands in a file; null when it is gone, or another user's. */
export function findFileChat(sqlite: Sqlite, userId: number, id: string): FileChat | null {
  const row = findAnyConversation(sqlite, userId, id)
  if (!row) return null
  const messages = listMessages(sqlite, id).map(message => ({ ...messageOf(message), deleted_at: message.deleted_at }))
  return toFileChat(conversationOf(row), messages)
}

/** What is there of a chat that comes out of a file. Null when its id is another user's, or a message's stands in another chat. */
export function findStanding(sqlite: Sqlite, userId: number, chat: FileChat): StandingChat | null {
  const row = findRow(sqlite, 'conversations', userId, chat.id)
  if (row && row.user_id !== userId) return null
  const messages = chat.messages.flatMap(({ id }) => findRow(sqlite, 'messages', userId, id) ?? [])
  if (messages.some(message => message['conversation_id'] !== chat.id)) return null
  return {
    standing: row ? (row.purged ? 'purged' : 'present') : 'absent',
    active_leaf_id: textOf(row?.['active_leaf_id']),
    updated_at: Number(row?.['updated_at'] ?? 0),
    messages: new Set(messages.map(({ id }) => id)),
  }
}

const USAGE_PAGE = 500

type StoredUsage = Omit<UsageLog, 'price_lines' | 'raw_usage'> & {
  readonly price_lines: string | null
  readonly raw_usage: string | null
}

/** A page of a user's ledger behind an id, oldest first. */
export function listUsageAfter(sqlite: Sqlite, userId: number, afterId: string): readonly UsageLog[] {
  const text = `SELECT id, run_id, attempt, conversation_id, message_id, device_id, provider, model, served_model, outcome,
    tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, cost_nanousd, price_state,
    price_version, price_lines, raw_usage, provider_request_id, timestamp
    FROM usage_logs WHERE user_id = ? AND id > ? ORDER BY id LIMIT ${USAGE_PAGE}`
  return prepare<StoredUsage>(sqlite, text)
    .all(userId, afterId)
    .map(row => ({ ...row, price_lines: parsed(row.price_lines), raw_usage: parsed(row.raw_usage) }))
}

function parsed(text: string | null) {
  return text === null ? null : JSON.parse(text)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
