import type { Model } from '#shared/models.ts'
import type { Conversation, ConversationParams } from '#shared/records.ts'
import type { Api } from './api-client.ts'
import type { Outcome } from './outcome.ts'
import {
  type ConversationWithMessages,
  type Health,
  type ListedConversation,
  parseConversation,
  parseConversations,
  parseConversationWithMessages,
  parseHealth,
  parseModels,
  parseUsageSummary,
  type UsageSummary,
} from './parse.ts'

/** The body of `POST /api/chat/stream`. The client makes the ids, so that the same prompt can be sent again safely. */
export type ChatRequest = ConversationParams & {
  readonly run_id: string
  readonly conversation_id: string
  readonly message_id: string
  /** Null when a prompt that is stored already is answered again. */
  readonly user_message_id: string | null
  /** The message before the prompt; the prompt itself when it is answered again. */
  readonly parent_id: string | null
  readonly message: string | null
  readonly model: string
}

/** The fields of a conversation that a device may change. */
export type ConversationPatch = Partial<
  Pick<Conversation, 'title' | 'model' | 'pinned_at' | 'archived_at' | 'active_leaf_id'>
>

/** How many conversations one page of the list holds. */
export const CONVERSATIONS_PAGE = 100
const nothing = (): null => null

export interface Endpoints {
  health(): Promise<Outcome<Health>>
  models(): Promise<Outcome<readonly Model[]>>
  /** Newest first; `before` is the `updated_at` of the last one already here. */
  conversations(before: number | null): Promise<Outcome<readonly ListedConversation[]>>
  conversation(id: string): Promise<Outcome<ConversationWithMessages>>
  patchConversation(id: string, patch: ConversationPatch): Promise<Outcome<Conversation>>
  deleteConversation(id: string, options?: { readonly keepalive: boolean }): Promise<Outcome<null>>
  /** What was spent since a time, or ever for null. */
  usage(fromMs: number | null): Promise<Outcome<UsageSummary>>
  cancelRun(runId: string): Promise<Outcome<null>>
  startRun(request: ChatRequest, signal: AbortSignal): Promise<Outcome<Response>>
  runEvents(runId: string, lastEventId: string | null, signal: AbortSignal): Promise<Outcome<Response>>
}

/** Each call of the contract that this page makes, typed. */
export function createEndpoints(api: Api): Endpoints {
  const stream = { Accept: 'text/event-stream' }
  return {
    health: () => api.call('/health', parseHealth),
    models: () => api.call('/api/usage/models', parseModels),
    conversations: before =>
      api.call(
        `/api/conversations?limit=${CONVERSATIONS_PAGE}${before === null ? '' : `&before=${before}`}`,
        parseConversations,
      ),
    conversation: id => api.call(`/api/conversations/${id}`, parseConversationWithMessages),
    patchConversation: (id, patch) =>
      api.call(`/api/conversations/${id}`, parseConversation, { method: 'PATCH', body: patch }),
    deleteConversation: (id, options) =>
      api.call(`/api/conversations/${id}`, nothing, { method: 'DELETE', ...options }),
    usage: fromMs => api.call(`/api/usage/summary${fromMs === null ? '' : `?from=${fromMs}`}`, parseUsageSummary),
    cancelRun: runId => api.call(`/api/runs/${runId}/cancel`, nothing, { method: 'POST', body: {} }),
    startRun: (body, signal) => api.open('/api/chat/stream', { method: 'POST', body, headers: stream, signal }),
    runEvents: (runId, lastEventId, signal) =>
      api.open(`/api/runs/${runId}/events`, {
        headers: lastEventId === null ? stream : { ...stream, 'Last-Event-ID': lastEventId },
        signal,
      }),
  }
}
