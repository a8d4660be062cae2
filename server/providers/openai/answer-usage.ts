import { NO_TOKENS, type TokenBuckets } from '#shared/records.ts'
import type { Usage } from '../usage.ts'
import { countOf, isRecord, type JsonRecord, recordOf } from './json.ts'
import { picousdOf } from './reported-cost.ts'

type Served = { readonly serviceTier: string | null; readonly webSearches?: number | null }

/**
 * Reads a usage object of Chat Completions, of Responses or of a transcription: they differ in names only. Null where
 * it counts nothing, as some servers send an empty one on every chunk.
 */
export function readUsage(raw: unknown, { serviceTier, webSearches }: Served): Usage | null {
  if (!isRecord(raw)) return null
  const input = countOf(raw.prompt_tokens) ?? countOf(raw.input_tokens)
  const output = countOf(raw.completion_tokens) ?? countOf(raw.output_tokens)
  const isDuration = raw.type === 'duration'
  if (input === null && output === null && !isDuration) return null
  const searches = webSearches ?? countOf(recordOf(raw.server_tool_use_details).web_search_requests)
  return {
    tokens: {
      ...NO_TOKENS,
      ...inputBuckets(raw, input ?? 0),
      ...outputBuckets(raw, input ?? 0, output ?? 0),
      web_searches: searches ?? countOf(raw.num_search_queries) ?? 0,
    },
    raw,
    serviceTier: serviceTier ?? (typeof raw.service_tier === 'string' ? raw.service_tier : null),
    reportedPicousd: picousdOf(raw),
  }
}

type InputBuckets = Pick<TokenBuckets, 'input' | 'cache_read' | 'cache_write' | 'cache_write_12h' | 'input_audio'>

/** Splits the input: cached, written and audio tokens are all counted inside the total. */
function inputBuckets(raw: JsonRecord, total: number): InputBuckets {
  const details = recordOf(raw.prompt_tokens_details ?? raw.input_tokens_details ?? raw.input_token_details)
  const take = takeFrom(total)
  const cacheRead = take(countOf(details.cached_tokens) ?? countOf(raw.prompt_cache_hit_tokens))
  const written = countOf(details.cache_write_tokens)
  const cacheWrite12h = take(countOf(recordOf(details.cache_write_tokens_details).ttl_12h_tokens))
  const cacheWrite = take(written === null ? null : Math.max(0, written - cacheWrite12h))
  const audio = take(countOf(details.audio_tokens))
  return {
    cache_read: cacheRead,
    cache_write: cacheWrite,
    cache_write_12h: cacheWrite12h,
    input_audio: audio,
    input: take(total),
  }
}

/**
 * Splits the output. xAI does not count reasoning inside the completion, and Gemini hides its thinking altogether: only
 * the grand total tells, so what it holds beyond the input is billed as output, and the surplus is reasoning.
 */
function outputBuckets(
  raw: JsonRecord,
  input: number,
  output: number,
): Pick<TokenBuckets, 'output' | 'reasoning' | 'output_audio'> {
  const details = recordOf(raw.completion_tokens_details ?? raw.output_tokens_details)
  const billed = Math.max(output, (countOf(raw.total_tokens) ?? 0) - input)
  const take = takeFrom(billed)
  const reasoning = take(Math.max(countOf(details.reasoning_tokens) ?? 0, billed - output))
  const audio = take(countOf(details.audio_tokens))
  return { reasoning, output_audio: audio, output: take(billed) }
}

/** Takes counts from a total until nothing is left, so that the parts never add up to more than the whole. */
function takeFrom(total: number): (count: number | null) => number {
  let left = total
  return count => {
    const taken = Math.min(count ?? 0, left)
    left -= taken
    return taken
  }
}
