import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createAnswerReader } from '../../server/providers/openai/answer-reader.ts'
import type { ProviderEvent } from '../../server/providers/provider.ts'
import { AppError } from '../../shared/errors.ts'
import { type Answer, foldEvents } from './answer.ts'
import { sha256Of, sumTokens } from './contract.ts'
import { openaiTotal } from './openai-oracles.ts'
import { findRecordings } from './recordings.ts'

const CONTEXT = { provider: 'OpenAI', keyVariable: 'OPENAI_API_KEY', model: 'any' }
const RECORDINGS = findRecordings('openai-samples', 'openai-chat', 'openai-responses', 'openai-compatible')
const STREAMS = RECORDINGS.filter(({ kind, expected }) => kind === 'sse' && !expected.error)
const WHOLE = RECORDINGS.filter(({ kind, status, expected }) => kind === 'json' && status === 200 && expected.text)

/** Reads a body in pieces of so many bytes, without a network between. */
function readBody(body: Uint8Array, pieceBytes: number): Answer {
  const reader = createAnswerReader(CONTEXT)
  const events: ProviderEvent[] = []
  try {
    for (let at = 0; at < body.length; at += pieceBytes) reader.push(body.subarray(at, at + pieceBytes), events)
    reader.end(events)
  } catch (error) {
    if (error instanceof AppError) return foldEvents(events, error)
    throw error
  }
  return foldEvents(events, null)
}

const readText = (body: string): Answer => readBody(new TextEncoder().encode(body), 1_000_000)
const chunk = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
const delta = (content: object, more: object = {}): string =>
  chunk({ choices: [{ index: 0, delta: content, ...more }] })

describe.each([1, 64, 1_000_000])('in pieces of %i bytes', size => {
  test.each(STREAMS)('$name is read whole', ({ path, expected }) => {
    const answer = readBody(readFileSync(path), size)

    const text = expected.refusal ?? expected.text ?? expected.raw?.text
    const reasoning = expected.reasoning_summary ?? expected.raw?.reasoning
    expect(answer.error).toBeNull()
    expect(sha256Of(answer.text)).toBe(text?.sha256)
    expect(sha256Of(answer.reasoning)).toBe(reasoning?.sha256 ?? sha256Of(''))
    expect(answer.usage && sumTokens(answer.usage)).toBe(openaiTotal(expected))
    expect(answer.usage?.raw ?? null).toEqual(expected.usage ?? null)
  })
})

test.each(STREAMS)('$name tells its model, tier, end and sources', ({ path, expected }) => {
  const answer = readBody(readFileSync(path), 1_000_000)

  if (expected.model !== undefined) expect(answer.model).toBe(expected.model)
  if (expected.service_tier !== undefined)
    expect(answer.usage?.serviceTier ?? expected.service_tier).toBe(expected.service_tier)
  expect(answer.finish).toBe(finishOf(expected))
  if (expected.annotations)
    expect(answer.citations).toHaveLength(Object.values(expected.annotations).reduce((a, b) => a + b))
})

test.each(WHOLE)('$name is read like a stream of one piece', ({ path, expected }) => {
  const answer = readBody(readFileSync(path), 7)

  expect(answer.error).toBeNull()
  expect(sha256Of(answer.text)).toBe(expected.text?.sha256)
  expect(answer.finish).toBe(finishOf(expected))
  expect(answer.usage && sumTokens(answer.usage)).toBe(openaiTotal(expected))
})

function finishOf({ refusal, finish, incomplete }: (typeof STREAMS)[number]['expected']): string {
  if (refusal) return 'refusal'
  if (incomplete === 'max_output_tokens') return 'length'
  return { tool_calls: 'tool-call', content_filter: 'content-filter', length: 'length' }[finish ?? ''] ?? 'stop'
}

describe('Chat Completions', () => {
  test('is not complete without a finish reason, [DONE] or not', () => {
    const answer = readText(`${delta({ content: 'Hi' })}data: [DONE]\n\n`)

    expect(answer).toMatchObject({ text: 'Hi', finish: null, error: { code: 'provider-incomplete' } })
  })

  test('is complete though the last blank line was lost', () => {
    const answer = readText(`${delta({ content: 'Hi' })}${delta({}, { finish_reason: 'stop' })}data: [DONE]`)

    expect(answer).toMatchObject({ text: 'Hi', finish: 'stop', error: null })
  })

  test('is over with [DONE], whatever the server goes on to say', () => {
    const answer = readText(
      `${delta({ content: 'Hi' }, { finish_reason: 'stop' })}data: [DONE]\n\n${delta({ content: '!' })}`,
    )

    expect(answer).toMatchObject({ text: 'Hi', error: null })
  })

  test('shows a signless refusal as text', () => {
    const answer = readText(delta({ refusal: 'No.' }) + delta({}, { finish_reason: 'stop' }))

    expect(answer).toMatchObject({ text: 'No.', finish: 'refusal' })
  })

  test('reads reasoning details where there is no other reasoning', () => {
    const details = [
      { type: 'reasoning.text', text: 'Hm' },
      { type: 'reasoning.encrypted', data: 'x' },
    ]

    expect(readText(delta({ reasoning_details: details })).reasoning).toBe('Hm')
    expect(readText(delta({ reasoning: 'Hm', reasoning_content: 'Hm', reasoning_details: details })).reasoning).toBe(
      'Hm',
    )
  })

  test('gives each source once, though it stands on every chunk', () => {
    const sources = {
      search_results: [{ title: 'A', url: 'https://a.example' }],
      citations: ['https://a.example', 'https://b.example'],
    }
    const answer = readText(
      chunk({ choices: [{ delta: { content: 'x' } }], ...sources }) +
        chunk({ choices: [{ delta: {}, finish_reason: 'stop' }], ...sources }),
    )

    expect(answer.citations.map(({ url, title }) => [url, title])).toEqual([
      ['https://a.example', 'A'],
      ['https://b.example', null],
    ])
  })

  test('keeps what was held back for a tag when the line breaks', () => {
    expect(readText(delta({ content: 'a <' }))).toMatchObject({ text: 'a <', error: { code: 'provider-incomplete' } })
  })
})

describe('errors inside a stream', () => {
  test.each([
    ['nested', chunk({ error: { message: 'x', type: 'server_error', code: 500 } }), 'provider-failed'],
    [
      'nested with a number for a code',
      chunk({ error: { code: 429, message: 'Rate limit exceeded' } }),
      'rate-limited',
    ],
    ['flat', `event: error\n${chunk({ type: 'error', code: 'rate_limit_exceeded', message: 'x' })}`, 'rate-limited'],
    ['flat, known by its object', chunk({ object: 'error', message: 'x', type: 'BadRequestError' }), 'provider-failed'],
    ['text', 'event: error\ndata: upstream gone\n\n', 'provider-failed'],
    [
      'overloaded',
      chunk({ type: 'error', error: { code: 'server_is_overloaded', message: 'x' } }),
      'provider-overloaded',
    ],
    [
      'in the choice',
      chunk({ choices: [{ delta: {}, finish_reason: 'error', error: { code: 502 } }] }),
      'provider-failed',
    ],
    [
      'in a failed response',
      chunk({ type: 'response.failed', response: { error: { code: 'server_error' } } }),
      'provider-failed',
    ],
    ['too long', chunk({ error: { code: 'context_length_exceeded', message: 'x' } }), 'context-too-long'],
    ['cut', 'data: {"choices":[{"del\n\n', 'provider-incomplete'],
  ])('%s: what came before stays', (_, error, code) => {
    const begin = error.includes('response.failed')
      ? chunk({ type: 'response.output_text.delta', delta: 'Hi' })
      : delta({ content: 'Hi' })

    expect(readText(begin + error)).toMatchObject({ text: 'Hi', finish: null, error: { code } })
  })

  test('a failed response still tells what it used', () => {
    const response = { status: 'failed', error: { code: 'server_error' }, usage: { input_tokens: 7, output_tokens: 2 } }
    const answer = readText(chunk({ type: 'response.failed', response }))

    expect(answer.usage?.tokens).toMatchObject({ input: 7, output: 2 })
  })
})

describe('Responses', () => {
  test('fills in from the last event what was never streamed', () => {
    const output = [
      { type: 'reasoning', summary: [{ text: 'Plan' }, { text: 'Then' }] },
      {
        type: 'message',
        content: [
          {
            type: 'output_text',
            text: 'Hi',
            annotations: [{ type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 2 }],
          },
        ],
      },
    ]
    const answer = readText(chunk({ type: 'response.completed', response: { status: 'completed', output } }))

    expect(answer).toMatchObject({ text: 'Hi', reasoning: 'Plan\nThen', finish: 'stop' })
    expect(answer.citations).toEqual([{ url: 'https://a.example', title: null, quote: null, start: 0, end: 2 }])
  })

  test('places a citation in the whole text, not in its message', () => {
    const [sample] = findRecordings('openai-samples').filter(({ name }) => name.endsWith('two-messages'))
    const { text, citations } = readBody(readFileSync(sample?.path ?? ''), 50)

    expect(text.slice(citations[0]?.start ?? 0, citations[0]?.end ?? 0)).toBe('[1]')
  })
})

test('says so when a web page answers', () => {
  expect(readText('<!doctype html><p>Hello</p>').error?.message).toContain('/v1')
})

test.each(['', ' \n', '{"object":"unknown"}', '{"choices":['])('takes %j for a broken answer', body => {
  expect(readText(body).error?.code).toBe('provider-incomplete')
})
