import type { ErrorDetail } from './errors.ts'

export type Role = 'user' | 'assistant' | 'system'
export type MessageStatus = 'queued' | 'streaming' | 'complete' | 'cancelled' | 'interrupted' | 'error'
export type PriceState = 'reported' | 'estimated' | 'unpriced'
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'
/** Why an answer stopped, in the words every adapter translates to. */
export type FinishReason = 'stop' | 'length' | 'refusal' | 'content-filter' | 'tool-call' | 'pause' | 'context-full'

/** A source that the answer leans on. `start` and `end` are offsets into the answer's text, where the provider gives them. */
export type Citation = {
  readonly url: string | null
  readonly title: string | null
  readonly quote: string | null
  readonly start: number | null
  readonly end: number | null
}

/** Settings of a conversation that are sent with each prompt; what is absent is left to the provider. */
export type ConversationParams = {
  readonly temperature?: number
  readonly reasoning?: ReasoningEffort
  readonly max_output_tokens?: number
}

export type Conversation = {
  readonly id: string
  readonly title: string
  readonly model: string | null
  readonly system_prompt: string | null
  readonly params: ConversationParams
  readonly tags: readonly string[]
  readonly active_leaf_id: string | null
  readonly pinned_at: number | null
  readonly archived_at: number | null
  readonly deleted_at: number | null
  readonly created_at: number
  readonly updated_at: number
  readonly rev: number
}

/** A way to be spoken to, under a name. */
export type Persona = {
  readonly id: string
  readonly name: string
  readonly system_prompt: string | null
  /** Null leaves a chat its own. */
  readonly model: string | null
  readonly params: ConversationParams
  readonly deleted_at: number | null
}

export type Message = {
  readonly id: string
  readonly conversation_id: string
  readonly parent_id: string | null
  readonly role: Role
  /** Markdown. */
  readonly content: string
  readonly reasoning: string | null
  readonly attachments: readonly string[]
  readonly citations: readonly Citation[]
  readonly model: string | null
  readonly status: MessageStatus
  readonly finish_reason: FinishReason | null
  readonly error: ErrorDetail | null
  readonly run_id: string | null
  /** Token counts are disjoint: input is what was neither read from nor written to a cache, output is without reasoning. */
  readonly tokens_input: number | null
  readonly tokens_output: number | null
  readonly tokens_cache_read: number | null
  readonly tokens_cache_write: number | null
  readonly tokens_reasoning: number | null
  /** Integer nano-dollars over all attempts; null where no price is known. */
  readonly cost_nanousd: number | null
  readonly price_state: PriceState | null
  readonly device_id: string | null
  readonly created_at: number
  /** When the first piece and the last came from the provider. */
  readonly first_token_at: number | null
  /** When the first piece came that was not reasoning. */
  readonly first_text_at: number | null
  readonly finished_at: number | null
  readonly rev: number
}

/** What one provider call used, in buckets that never overlap. */
export type TokenBuckets = {
  readonly input: number
  readonly cache_read: number
  /** Written for 5 minutes (Anthropic) or 30 minutes (OpenAI), or where the provider does not say how long. */
  readonly cache_write: number
  readonly cache_write_1h: number
  readonly cache_write_12h: number
  readonly output: number
  readonly reasoning: number
  readonly input_audio: number
  readonly output_audio: number
  /** Calls of the provider's own web search, billed one by one. */
  readonly web_searches: number
}

export const NO_TOKENS: TokenBuckets = {
  input: 0,
  cache_read: 0,
  cache_write: 0,
  cache_write_1h: 0,
  cache_write_12h: 0,
  output: 0,
  reasoning: 0,
  input_audio: 0,
  output_audio: 0,
  web_searches: 0,
}

/** One provider call, never changed after it was written. */
export type UsageLog = {
  readonly id: string
  readonly run_id: string
  readonly attempt: number
  readonly conversation_id: string
  readonly message_id: string
  readonly device_id: string | null
  readonly provider: string
  /** `provider/model` as asked for. */
  readonly model: string
  /** The model the provider says it served, which is the one that is billed. */
  readonly served_model: string | null
  readonly outcome: 'complete' | 'cancelled' | 'interrupted' | 'error'
  readonly tokens_input: number
  readonly tokens_output: number
  readonly tokens_cache_read: number
  readonly tokens_cache_write: number
  readonly tokens_reasoning: number
  readonly cost_nanousd: number | null
  readonly price_state: PriceState
  readonly price_version: string | null
  /** What was multiplied to get the cost, or null where no price is known. */
  readonly price_lines: readonly PriceLine[] | null
  /** The usage object exactly as the provider sent it. */
  readonly raw_usage: unknown
  readonly provider_request_id: string | null
  readonly timestamp: number
}

/** One product of a ledger row's sum: `count` × `unit_picousd` (1 USD = 10^12 pico-dollars; a decimal string, for it may exceed 2^53). */
export type PriceLine = { readonly bucket: string; readonly count: number; readonly unit_picousd: string }
