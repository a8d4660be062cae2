import { describe, expect, test } from 'vitest'
import { readUsage } from '../../server/providers/openai/answer-usage.ts'
import { NO_TOKENS } from '../../shared/records.ts'

const read = (raw: object) => readUsage(raw, { serviceTier: null })

describe('token buckets', () => {
  test('are disjoint parts of the input and the output', () => {
    const usage = read({
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 5 },
    })

    expect(usage?.tokens).toEqual({
      ...NO_TOKENS,
      input: 30,
      cache_read: 60,
      input_audio: 10,
      output: 25,
      reasoning: 20,
      output_audio: 5,
    })
  })

  test('tell writes for 30 minutes from writes for 12 hours', () => {
    const details = {
      cached_tokens: 10,
      cache_write_tokens: 12,
      cache_write_tokens_details: { ttl_30m_tokens: 8, ttl_12h_tokens: 4 },
    }
    const usage = read({ input_tokens: 40, input_tokens_details: details, output_tokens: 3 })

    expect(usage?.tokens).toEqual({
      ...NO_TOKENS,
      input: 18,
      cache_read: 10,
      cache_write: 8,
      cache_write_12h: 4,
      output: 3,
    })
  })

  test('hold reasoning that is not inside the completion (xAI)', () => {
    const usage = read({
      prompt_tokens: 31,
      completion_tokens: 1,
      total_tokens: 322,
      completion_tokens_details: { reasoning_tokens: 290 },
    })

    expect(usage?.tokens).toMatchObject({ input: 31, output: 1, reasoning: 290 })
  })

  test('hold thinking that only the total shows (Gemini)', () => {
    const usage = read({ prompt_tokens: 66, completion_tokens: 6, total_tokens: 100 })

    expect(usage?.tokens).toMatchObject({ input: 66, output: 6, reasoning: 28 })
  })

  test('never fall below zero on a usage that contradicts itself', () => {
    const usage = read({
      prompt_tokens: 5,
      completion_tokens: 2,
      prompt_tokens_details: { cached_tokens: 9 },
      completion_tokens_details: { reasoning_tokens: 7 },
    })

    expect(usage?.tokens).toEqual({ ...NO_TOKENS, cache_read: 5, reasoning: 2 })
  })

  test('count the heard part of a transcription', () => {
    const usage = read({
      type: 'tokens',
      input_tokens: 37,
      input_token_details: { text_tokens: 2, audio_tokens: 35 },
      output_tokens: 12,
    })

    expect(usage?.tokens).toEqual({ ...NO_TOKENS, input: 2, input_audio: 35, output: 12 })
  })

  test('take searches from where each provider counts them', () => {
    expect(readUsage({ input_tokens: 1 }, { serviceTier: null, webSearches: 3 })?.tokens.web_searches).toBe(3)
    expect(read({ prompt_tokens: 1, server_tool_use_details: { web_search_requests: 2 } })?.tokens.web_searches).toBe(2)
    expect(read({ prompt_tokens: 1, num_search_queries: 4 })?.tokens.web_searches).toBe(4)
  })
})

test.each([[{}], [null], [{ prompt_tokens: 'many' }], [[]]])('%j counts nothing', raw => {
  expect(readUsage(raw, { serviceTier: null })).toBeNull()
})

test.each([
  [{ cost: 0.0076509169000000005 }, 7_650_916_900n],
  [{ cost: 5.45211e-5 }, 54_521_100n],
  [{ cost: 1e-12 }, 1n],
  [{ cost: 2.5e-12 }, 2n],
  [{ cost: 3.5e-12 }, 4n],
  [{ cost: '1.25' }, 1_250_000_000_000n],
  [{ cost: 0 }, 0n],
  [{ cost: { total_cost: 0.006 } }, 6_000_000_000n],
  [{ cost: 0.001, is_byok: true, cost_details: { upstream_inference_cost: 0.02 } }, 21_000_000_000n],
  [{ cost_in_usd_ticks: 5_143_500 }, 514_350_000n],
  [{ cost: -1 }, null],
  [{ cost: 'free' }, null],
  [{}, null],
])('%j is reported as %s pico-dollars', (raw, picousd) => {
  expect(read({ prompt_tokens: 1, ...raw })?.reportedPicousd).toBe(picousd)
})
