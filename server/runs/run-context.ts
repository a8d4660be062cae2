import type { ConversationParams } from '#shared/records.ts'
import { listMessages } from '../conversations/conversations-store.ts'
import type { Sqlite } from '../database/open-database.ts'
import type { StoredMessage } from '../database/schema.ts'
import type { ProviderMessage, ProviderRequest } from '../providers/provider.ts'

/** What a run was asked with, stored with it as JSON. */
export type RunRequest = { readonly system: string | null; readonly params: ConversationParams }

/**
 * The prompt of a run: the path from the root of the message tree to the user's message. Answers that brought no text,
 * those the model refused, and what is in the trash are left out: the first two would teach the model to stay silent.
 */
export function buildPrompt(sqlite: Sqlite, conversationId: string, userMessageId: string): ProviderMessage[] {
  return pathTo(listMessages(sqlite, conversationId), userMessageId).flatMap(message => {
    if (message.role !== 'user' && message.role !== 'assistant') return []
    if (message.deleted_at !== null || message.content.trim() === '' || message.finish_reason === 'refusal') return []
    return [{ role: message.role, content: message.content }]
  })
}

/** The messages from the root to `leafId`, in that order. */
export function pathTo(messages: readonly StoredMessage[], leafId: string): StoredMessage[] {
  const byId = new Map(messages.map(message => [message.id, message]))
  const path: StoredMessage[] = []
  // Each step takes its message out of the map, so that a cycle in damaged data ends the walk.
  for (let message = byId.get(leafId); message; message = message.parent_id ? byId.get(message.parent_id) : undefined) {
    path.push(message)
    byId.delete(message.id)
  }
  return path.reverse()
}

/** The provider's request for one attempt of a run. */
export function buildProviderRequest(options: {
  readonly model: string
  readonly request: RunRequest
  readonly prompt: readonly ProviderMessage[]
  readonly conversationId: string
  readonly runId: string
  readonly attempt: number
}): ProviderRequest {
  const { system, params } = options.request
  return {
    model: options.model,
    system,
    messages: options.prompt,
    temperature: params.temperature ?? null,
    reasoning: params.reasoning ?? null,
    maxOutputTokens: params.max_output_tokens ?? null,
    conversationId: options.conversationId,
    idempotencyKey: `${options.runId}.${options.attempt}`,
  }
}
