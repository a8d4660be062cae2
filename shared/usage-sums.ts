import type { UsageLog } from './records.ts'

/** Sums over ledger rows. */
export type UsageSums = {
  readonly requests: number
  readonly tokens_input: number
  readonly tokens_output: number
  readonly tokens_cache_read: number
  readonly tokens_cache_write: number
  readonly tokens_reasoning: number
  readonly cost_nanousd: number
  /** Calls whose price is not known; they are in the counts, and not in the cost. */
  readonly unpriced_requests: number
  /** Calls whose tokens were counted here, because the provider did not report them to the end. */
  readonly estimated_requests: number
}

export const NO_USAGE: UsageSums = {
  requests: 0,
  tokens_input: 0,
  tokens_output: 0,
  tokens_cache_read: 0,
  tokens_cache_write: 0,
  tokens_reasoning: 0,
  cost_nanousd: 0,
  unpriced_requests: 0,
  estimated_requests: 0,
}

type Counted = Pick<
  UsageLog,
  | 'tokens_input'
  | 'tokens_output'
  | 'tokens_cache_read'
  | 'tokens_cache_write'
  | 'tokens_reasoning'
  | 'cost_nanousd'
  | 'price_state'
>

/** Adds one call to sums that are being made, in place: a ledger may hold a hundred thousand. */
export function addUsage(sums: { -readonly [Field in keyof UsageSums]: UsageSums[Field] }, call: Counted): void {
  sums.requests += 1
  sums.tokens_input += call.tokens_input
  sums.tokens_output += call.tokens_output
  sums.tokens_cache_read += call.tokens_cache_read
  sums.tokens_cache_write += call.tokens_cache_write
  sums.tokens_reasoning += call.tokens_reasoning
  sums.cost_nanousd += call.cost_nanousd ?? 0
  if (call.price_state === 'unpriced') sums.unpriced_requests += 1
  if (call.price_state === 'estimated') sums.estimated_requests += 1
}
