import type { Message } from '#shared/records.ts'
import type { Messages } from '../device/device.ts'
import type { OutboxEntry } from '../sync/outbox.ts'

/** The messages of a chat, with an empty answer for each held prompt: it has no row, and is still a turn of the chat. */
export function withUnanswered(
  messages: Messages,
  conversationId: string | null,
  outbox: readonly OutboxEntry[],
): Messages {
  const missing = outbox
    .map(({ prompt }) => prompt)
    .filter(
      prompt =>
        prompt.conversation_id === conversationId &&
        messages.has(prompt.user_message_id) &&
        !messages.has(prompt.message_id),
    )
  if (missing.length === 0) return messages
  return new Map([...messages, ...missing.map(prompt => [prompt.message_id, emptyAnswer(prompt)] as const)])
}

function emptyAnswer(prompt: OutboxEntry['prompt']): Message {
  return {
    id: prompt.message_id,
    conversation_id: prompt.conversation_id,
    parent_id: prompt.user_message_id,
    role: 'assistant',
    content: '',
    reasoning: null,
    attachments: [],
    citations: [],
    model: prompt.model,
    status: 'queued',
    finish_reason: null,
    error: null,
    run_id: prompt.id,
    tokens_input: null,
    tokens_output: null,
    tokens_cache_read: null,
    tokens_cache_write: null,
    tokens_reasoning: null,
    cost_nanousd: null,
    price_state: null,
    device_id: null,
    created_at: prompt.created_at,
    first_token_at: null,
    finished_at: null,
    rev: 0,
  }
}
