import type { Message } from '#shared/records.ts'
import { NO_RUN } from '#shared/sync-row-defaults.ts'
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
    ...NO_RUN,
    id: prompt.message_id,
    conversation_id: prompt.conversation_id,
    parent_id: prompt.user_message_id,
    role: 'assistant',
    content: '',
    attachments: [],
    model: prompt.model,
    status: 'queued',
    run_id: prompt.id,
    created_at: prompt.created_at,
    rev: 0,
  }
}
