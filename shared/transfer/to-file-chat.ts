import type { Conversation, ConversationParams, Message } from '../records.ts'
import { UNTITLED } from '../title.ts'
import type { FileChat, FileMessage } from './file-format.ts'

/** A stored message, and whether it lies in the trash. */
export type ExportedMessage = Message & { readonly deleted_at: number | null }

/** A stored conversation as it stands in a file: the same rows give the same bytes, whoever stored them. */
export function toFileChat(conversation: Conversation, messages: readonly ExportedMessage[]): FileChat {
  const { id, title, model, system_prompt, active_leaf_id, pinned_at, archived_at, deleted_at } = conversation
  return {
    id,
    title: title === '' ? UNTITLED : title,
    model,
    system_prompt: system_prompt === '' ? null : system_prompt,
    params: inOrder(conversation.params),
    tags: [...conversation.tags].sort(),
    // It may have been purged alone.
    active_leaf_id: messages.some(message => message.id === active_leaf_id) ? active_leaf_id : null,
    pinned_at,
    archived_at,
    deleted_at,
    created_at: conversation.created_at,
    updated_at: conversation.updated_at,
    messages: messages.map(toFileMessage).sort(byTime),
  }
}

function byTime(left: FileMessage, right: FileMessage): number {
  return left.created_at - right.created_at || (left.id < right.id ? -1 : 1)
}

function toFileMessage(message: ExportedMessage): FileMessage {
  return {
    id: message.id,
    parent_id: message.parent_id,
    role: message.role,
    content: message.content,
    reasoning: message.reasoning,
    attachments: message.attachments,
    citations: message.citations.map(({ url, title, quote, start, end }) => ({ url, title, quote, start, end })),
    model: message.model,
    status: settledStatus(message.status),
    finish_reason: message.finish_reason,
    error: message.error === null ? null : errorInOrder(message.error),
    tokens_input: message.tokens_input,
    tokens_output: message.tokens_output,
    tokens_cache_read: message.tokens_cache_read,
    tokens_cache_write: message.tokens_cache_write,
    tokens_reasoning: message.tokens_reasoning,
    cost_nanousd: message.cost_nanousd,
    price_state: message.price_state,
    device_id: message.device_id,
    created_at: message.created_at,
    first_token_at: message.first_token_at,
    first_text_at: message.first_text_at,
    finished_at: message.finished_at,
    deleted_at: message.deleted_at,
  }
}

/** Nobody writes on at an answer in a file. */
function settledStatus(status: Message['status']): Message['status'] {
  return status === 'queued' || status === 'streaming' ? 'interrupted' : status
}

function inOrder({ temperature, reasoning, max_output_tokens }: ConversationParams): ConversationParams {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(max_output_tokens === undefined ? {} : { max_output_tokens }),
  }
}

function errorInOrder({ code, message, field, retryable }: NonNullable<Message['error']>): Message['error'] {
  return field === undefined ? { code, message, retryable } : { code, message, field, retryable }
}
