import { NO_TOKENS, type TokenBuckets } from '#shared/records.ts'
import type { Usage } from '../usage.ts'
import { parseMessageUsage, type UsagePass } from './parse.ts'

type RawUsage = Readonly<Record<string, unknown>>

/**
 * The last word on each field: counts in a Messages stream are cumulative and later events also correct the input, so
 * they replace and never add. A null says that the event has nothing new on the field.
 */
export function mergeUsage(before: RawUsage, after: RawUsage): RawUsage {
  const news = Object.entries(after).filter(([, value]) => value !== null)
  return { ...before, ...Object.fromEntries(news) }
}

/**
 * Tokens in disjoint buckets: Anthropic's `input_tokens` already leaves out both cache counts, and `thinking_tokens`
 * is a part of `output_tokens` (https://platform.claude.com/docs/en/build-with-claude/prompt-caching).
 */
export function anthropicUsage(raw: RawUsage): Usage {
  const usage = parseMessageUsage(raw)
  const passes = usage.iterations.length > 0 ? usage.iterations : [usage]
  const total = passes.map(passTokens).reduce(addTokens, NO_TOKENS)
  // Passes of a compaction do not say how much of them was thinking; the whole message does.
  const reasoning =
    total.reasoning > 0 ? total.reasoning : Math.min(usage.output_tokens_details.thinking_tokens, total.output)
  const output = total.output + total.reasoning - reasoning
  return {
    tokens: { ...total, output, reasoning, web_searches: usage.server_tool_use.web_search_requests },
    raw,
    serviceTier: usage.service_tier,
    reportedPicousd: null,
  }
}

function passTokens(pass: UsagePass): TokenBuckets {
  const { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens } = pass.cache_creation
  // The end of a stream corrects only the total, so the total wins over the split that its start gave.
  const written = pass.cache_creation_input_tokens ?? ephemeral_5m_input_tokens + ephemeral_1h_input_tokens
  const writtenFor1h = Math.min(ephemeral_1h_input_tokens, written)
  const reasoning = Math.min(pass.output_tokens_details.thinking_tokens, pass.output_tokens)
  return {
    ...NO_TOKENS,
    input: pass.input_tokens,
    cache_read: pass.cache_read_input_tokens,
    cache_write: written - writtenFor1h,
    cache_write_1h: writtenFor1h,
    output: pass.output_tokens - reasoning,
    reasoning,
  }
}

function addTokens(one: TokenBuckets, other: TokenBuckets): TokenBuckets {
  return {
    ...one,
    input: one.input + other.input,
    cache_read: one.cache_read + other.cache_read,
    cache_write: one.cache_write + other.cache_write,
    cache_write_1h: one.cache_write_1h + other.cache_write_1h,
    output: one.output + other.output,
    reasoning: one.reasoning + other.reasoning,
  }
}
