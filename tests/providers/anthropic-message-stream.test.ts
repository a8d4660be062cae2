import { describe, expect, test } from 'vitest'
import { anthropicUsage, mergeUsage } from '../../server/providers/anthropic/anthropic-usage.ts'
import { createMessageTranslator } from '../../server/providers/anthropic/message-stream.ts'
import type { ProviderEvent } from '../../server/providers/provider.ts'
import { NO_TOKENS } from '../../shared/records.ts'

function translate(...lines: readonly object[]): readonly ProviderEvent[] {
  const translator = createMessageTranslator({ provider: 'Anthropic', keyVariable: 'KEY', model: 'claude-x' })
  return lines.flatMap(line => translator.translate(JSON.stringify(line)))
}

const START = {
  type: 'message_start',
  message: { model: 'claude-x-20260101', usage: { input_tokens: 7, output_tokens: 1, service_tier: 'standard' } },
}
const STOP = { type: 'message_stop' }

function stopping(stop_reason: string | null, usage: object = { output_tokens: 5 }) {
  return { type: 'message_delta', delta: { stop_reason }, usage }
}

describe('a stream of message events', () => {
  test('tells the served model and the exact input before any text', () => {
    const raw = { input_tokens: 7, output_tokens: 1, service_tier: 'standard' }

    expect(translate(START)).toEqual([
      { type: 'served-model', model: 'claude-x-20260101' },
      {
        type: 'usage',
        usage: { tokens: { ...NO_TOKENS, input: 7, output: 1 }, raw, serviceTier: 'standard', reportedPicousd: null },
      },
    ])
  })

  test('keeps the text that a block starts with', () => {
    const events = translate(
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hel' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
    )

    expect(events).toEqual([
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
    ])
  })

  test('tells a citation with the place of its block in the answer', () => {
    const events = translate(
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'So: ' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      {
        type: 'content_block_delta',
        index: 1,
        delta: {
          type: 'citations_delta',
          citation: {
            type: 'web_search_result_location',
            url: 'https://ruby-lang.org',
            title: 'Ruby',
            cited_text: '4.0',
          },
        },
      },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Ruby 4' } },
      { type: 'content_block_stop', index: 1 },
    )

    expect(events.at(-1)).toEqual({
      type: 'citation',
      citation: { url: 'https://ruby-lang.org', title: 'Ruby', quote: '4.0', start: 4, end: 10 },
    })
  })

  test('shows no link for a source that is no web address', () => {
    const citation = { type: 'search_result_location', source: 'javascript:alert(1)', title: null, cited_text: 'x' }

    const events = translate(
      { type: 'content_block_delta', index: 0, delta: { type: 'citations_delta', citation } },
      { type: 'content_block_stop', index: 0 },
    )

    expect(events).toMatchObject([{ type: 'citation', citation: { url: null, quote: 'x' } }])
  })

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['tool_use', 'tool-call'],
    ['pause_turn', 'pause'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'context-full'],
    ['a_reason_of_tomorrow', 'stop'],
    [null, 'stop'],
  ])('that stops with %s finishes with %s', (stopReason, reason) => {
    expect(translate(START, stopping(stopReason), STOP).at(-1)).toEqual({ type: 'finish', reason })
  })

  test('passes over events, blocks and deltas that it does not know', () => {
    const events = translate(
      { type: 'ping' },
      { type: 'event_of_tomorrow', delta: { type: 'text_delta', text: 'no' } },
      { type: 'content_block_start', index: 0, content_block: { type: 'compaction', content: 'no' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'no' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: 'no' } },
    )

    expect(events).toEqual([])
  })

  test('fails with the error that comes after a 200', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'secret' } }

    expect(() => translate(START, error)).toThrow(
      expect.objectContaining({
        code: 'provider-overloaded',
        retryable: true,
        message: expect.not.stringContaining('secret'),
      }),
    )
  })

  test('is not finished by its last usage alone', () => {
    const translator = createMessageTranslator({ provider: 'Anthropic', keyVariable: 'KEY', model: 'claude-x' })

    translator.translate(JSON.stringify(stopping('end_turn')))
    expect(translator.isFinished()).toBe(false)

    translator.translate(JSON.stringify(STOP))
    expect(translator.isFinished()).toBe(true)
  })
})

describe('usage', () => {
  test('is replaced and not added, and a null changes nothing', () => {
    const start = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 4, service_tier: 'standard' }
    const end = { input_tokens: 12, output_tokens: 9, cache_read_input_tokens: null }

    expect(mergeUsage(start, end)).toEqual({
      input_tokens: 12,
      output_tokens: 9,
      cache_read_input_tokens: 4,
      service_tier: 'standard',
    })
  })

  test('splits cache writes by how long they last', () => {
    const usage = anthropicUsage({
      input_tokens: 3,
      output_tokens: 7,
      cache_creation_input_tokens: 4562,
      cache_read_input_tokens: 11,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 4542 },
    })

    expect(usage.tokens).toEqual({
      ...NO_TOKENS,
      input: 3,
      output: 7,
      cache_read: 11,
      cache_write: 20,
      cache_write_1h: 4542,
    })
  })

  test('trusts the corrected total of cache writes more than the split from the start', () => {
    const { tokens } = anthropicUsage({
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 5 },
    })

    expect(tokens).toEqual({ ...NO_TOKENS, cache_write: 25, cache_write_1h: 5 })
  })

  test('takes thinking out of the output', () => {
    const { tokens } = anthropicUsage({ output_tokens: 287, output_tokens_details: { thinking_tokens: 69 } })

    expect(tokens).toEqual({ ...NO_TOKENS, output: 218, reasoning: 69 })
  })

  test('sums the passes of a compaction, whose thinking only the whole message tells', () => {
    const raw = {
      input_tokens: 612,
      output_tokens: 2819,
      output_tokens_details: { thinking_tokens: 100 },
      server_tool_use: { web_search_requests: 2 },
      iterations: [
        { type: 'compaction', input_tokens: 60385, output_tokens: 522, cache_creation_input_tokens: 8 },
        { type: 'message', input_tokens: 612, output_tokens: 2819, cache_read_input_tokens: 9 },
      ],
    }

    const usage = anthropicUsage(raw)

    expect(usage.raw).toEqual(raw)
    expect(usage.tokens).toEqual({
      ...NO_TOKENS,
      input: 60997,
      output: 3241,
      reasoning: 100,
      cache_write: 8,
      cache_read: 9,
      web_searches: 2,
    })
  })

  test('reads an object whose fields are all null as nothing', () => {
    expect(anthropicUsage({ input_tokens: null, cache_creation: null, iterations: null }).tokens).toEqual(NO_TOKENS)
  })
})
