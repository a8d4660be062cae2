import type { Message } from '#shared/records.ts'
import { titleFromPrompt } from '#shared/title.ts'
import type { ChatRequest } from '../api/endpoints.ts'
import type { ListedConversation } from '../api/parse.ts'

/** Revision 0: made on this device, not yet seen by the server. Any stored version replaces it. */
const UNSEEN = 0

/** The conversation that a prompt starts, as it will look until the server's own row comes. */
export function provisionalConversation(request: ChatRequest, nowMs: number): ListedConversation {
  return {
    id: request.conversation_id,
    title: titleFromPrompt(request.message ?? ''),
    model: request.model,
    system_prompt: null,
    params: {},
    tags: [],
    active_leaf_id: request.message_id,
    pinned_at: null,
    archived_at: null,
    deleted_at: null,
    created_at: nowMs,
    updated_at: nowMs,
    rev: UNSEEN,
    cost_nanousd: null,
    preview: request.message,
    last_status: 'streaming',
  }
}

/** The rows that a request will write: the prompt, unless it is stored already, and its answer. */
export function provisionalMessages(request: ChatRequest, nowMs: number): readonly Message[] {
  const base = {
    conversation_id: request.conversation_id,
    reasoning: null,
    attachments: [],
    citations: [],
    finish_reason: null,
    error: null,
    tokens_input: null,
    tokens_output: null,
    tokens_cache_read: null,
    tokens_cache_write: null,
    tokens_reasoning: null,
    cost_nanousd: null,
    price_state: null,
    device_id: null,
    first_token_at: null,
    finished_at: null,
    rev: UNSEEN,
  }
  const { message_id, user_message_id, parent_id, message, model, run_id } = request
  const answer: Message = {
    ...base,
    id: message_id,
    parent_id: user_message_id ?? parent_id,
    role: 'assistant',
    content: '',
    model,
    status: 'streaming',
    run_id,
    created_at: nowMs + 1,
  }
  if (user_message_id === null || message === null) return [answer]
  const prompt: Message = {
    ...base,
    id: user_message_id,
    parent_id,
    role: 'user',
    content: message,
    model: null,
    status: 'complete',
    run_id: null,
    created_at: nowMs,
  }
  return [prompt, answer]
}
