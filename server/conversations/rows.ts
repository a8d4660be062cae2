import type { Conversation, Message } from '#shared/records.ts'
import type { StoredConversation, StoredMessage } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'
import type { Asker } from '../runs/store-run.ts'

/** A stored conversation as it stands on the wire. */
export function conversationOf(row: StoredConversation): Conversation {
  return {
    id: row.id,
    title: row.title,
    model: row.model,
    system_prompt: row.system_prompt,
    params: JSON.parse(row.params),
    tags: JSON.parse(row.tags),
    active_leaf_id: row.active_leaf_id,
    pinned_at: row.pinned_at,
    archived_at: row.archived_at,
    deleted_at: row.deleted_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
    rev: row.rev,
  }
}

/** A stored message as it stands on the wire. The casts hold because only this server writes these columns. */
export function messageOf(row: StoredMessage): Message {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    parent_id: row.parent_id,
    role: row.role as Message['role'],
    content: row.content,
    reasoning: row.reasoning,
    attachments: JSON.parse(row.attachments),
    citations: JSON.parse(row.citations),
    model: row.model,
    status: row.status as Message['status'],
    finish_reason: row.finish_reason as Message['finish_reason'],
    error: row.error === null ? null : JSON.parse(row.error),
    run_id: row.run_id,
    tokens_input: row.tokens_input,
    tokens_output: row.tokens_output,
    tokens_cache_read: row.tokens_cache_read,
    tokens_cache_write: row.tokens_cache_write,
    tokens_reasoning: row.tokens_reasoning,
    cost_nanousd: row.cost_nanousd,
    price_state: row.price_state as Message['price_state'],
    device_id: row.device_id,
    created_at: row.created_at,
    first_token_at: row.first_token_at,
    first_text_at: row.first_text_at,
    finished_at: row.finished_at,
    rev: row.rev,
  }
}

/** What every new conversation begins with, whatever it is called. */
export function newConversationRow(transaction: WriteTransaction, asker: Asker, id: string) {
  return {
    id,
    user_id: asker.userId,
    rev: transaction.nextRev(),
    active_leaf_id: null,
    pinned_at: null,
    archived_at: null,
    deleted_at: null,
    device_id: asker.deviceId,
    created_at: transaction.now,
    updated_at: transaction.now,
  }
}
