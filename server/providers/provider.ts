import type { Model } from '#shared/models.ts'
import type { Citation, FinishReason, ReasoningEffort } from '#shared/records.ts'
import type { PriceSource, Usage } from './usage.ts'

export type ProviderMessage = { readonly role: 'user' | 'assistant'; readonly content: string }

/** One call, already stripped of everything the user did not set. */
export type ProviderRequest = {
  /** The provider's own name of the model, without the `provider/` prefix. */
  readonly model: string
  readonly system: string | null
  readonly messages: readonly ProviderMessage[]
  readonly temperature: number | null
  readonly reasoning: ReasoningEffort | null
  readonly maxOutputTokens: number | null
  readonly conversationId: string
  /** Stable for one run and attempt; sent where the provider knows idempotency keys. */
  readonly idempotencyKey: string
}

/** What an adapter tells the run, in the order it came. */
export type ProviderEvent =
  /** The provider took the call: response headers with a 2xx status are here. Always first. */
  | { readonly type: 'accepted'; readonly requestId: string | null }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** All text so far was reasoning: a lone `</think>` closed it. */
  | { readonly type: 'text-was-reasoning' }
  | { readonly type: 'citation'; readonly citation: Citation }
  /** The model that answers, as the provider names it. */
  | { readonly type: 'served-model'; readonly model: string }
  /** Replaces what was said before: providers send usage on every chunk, or correct it at the end. */
  | { readonly type: 'usage'; readonly usage: Usage }
  /** The provider's terminal event. Without it an answer is not complete. Usage may still follow. */
  | { readonly type: 'finish'; readonly reason: FinishReason }

/** One provider. Adapters know nothing of runs, storage or HTTP routes. */
export interface Provider {
  /** As it stands before the slash of a model id: `openai`, `anthropic`, `ollama`, `manual`, or a compatible server's name. */
  readonly id: string
  /** As shown to a person. */
  readonly name: string
  readonly prices: PriceSource
  /**
   * Makes exactly one request and yields what it brings: one batch for each piece of network data, also an empty one,
   * so that the caller's idle watchdog sees the line is alive. Ends normally only after a terminal event, and at once,
   * without throwing, when `signal` aborts. Throws AppError for all else, and never retries by itself: on
   * `parameter-unsupported` and `endpoint-missing` it has learnt, and the same request sent again avoids the fault.
   */
  stream(request: ProviderRequest, signal: AbortSignal): AsyncIterable<readonly ProviderEvent[]>
  /** Asks the provider for its models. Throws AppError; an empty list is a fair answer. */
  listModels(signal: AbortSignal): Promise<readonly Model[]>
}

/** Parameters that a model has refused, kept over restarts so that each is refused only once. */
export interface RefusedParameters {
  has(model: string, parameter: string): boolean
  add(model: string, parameter: string): void
}
