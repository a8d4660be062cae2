import { describe, expect, test } from 'vitest'
import { createChatReader } from '../../server/providers/ollama/chat-stream.ts'
import type { ProviderEvent } from '../../server/providers/provider.ts'
import { AppError } from '../../shared/errors.ts'
import { NO_TOKENS } from '../../shared/records.ts'

function read(...lines: readonly object[]): readonly ProviderEvent[] {
  const body = new TextEncoder().encode(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  const reader = createChatReader('qwen3')
  const events: ProviderEvent[] = []
  // One byte at a time: signs and lines are cut everywhere.
  for (let at = 0; at < body.length; at++) reader.push(body.subarray(at, at + 1), events)
  reader.end(events)
  return events
}

describe('a stream of chat lines', () => {
  test('tells the served model once, then thinking, text, usage and finish', () => {
    const events = read(
      { model: 'qwen3:4b', message: { role: 'assistant', content: '', thinking: 'Hm 🤔' }, done: false },
      { model: 'qwen3:4b', message: { role: 'assistant', content: 'Grüezi' }, done: false },
      {
        model: 'qwen3:4b',
        message: { content: '' },
        done: true,
        done_reason: 'stop',
        prompt_eval_count: 3,
        eval_count: 9,
      },
    )

    const raw = { prompt_eval_count: 3, eval_count: 9 }
    expect(events).toEqual([
      { type: 'served-model', model: 'qwen3:4b' },
      { type: 'reasoning', text: 'Hm 🤔' },
      { type: 'text', text: 'Grüezi' },
      {
        type: 'usage',
        usage: { tokens: { ...NO_TOKENS, input: 3, output: 9 }, raw, serviceTier: null, reportedPicousd: null },
      },
      { type: 'finish', reason: 'stop' },
    ])
  })

  test('reads the shape of /api/generate', () => {
    const events = read({ response: 'Hi', thinking: 'Hm', done: false }, { response: '', done: true })

    expect(events).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'stop' },
    ])
  })

  test('takes text back as reasoning at a lone closing tag', () => {
    const events = read(
      { message: { content: 'Hmm.\n</th' } },
      { message: { content: 'ink>\n\nPong' } },
      { message: { content: '' }, done: true },
    )

    expect(events).toContainEqual({ type: 'text-was-reasoning' })
    expect(events.slice(-2)).toEqual([
      { type: 'text', text: 'Pong' },
      { type: 'finish', reason: 'stop' },
    ])
  })

  test.each([
    ['length', 'length'],
    ['stop', 'stop'],
    ['load', 'stop'],
    ['unload', 'stop'],
    [undefined, 'stop'],
  ])('that is done for %s finishes with %s', (done_reason, reason) => {
    expect(read({ done: true, done_reason }).at(-1)).toEqual({ type: 'finish', reason })
  })

  test('finishes with a tool call though the server says stop', () => {
    const events = read(
      { message: { content: '', tool_calls: [{ function: { name: 'clock', arguments: {} } }] } },
      { done: true, done_reason: 'stop' },
    )

    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool-call' })
  })

  test('tells no usage where a count is missing, so that the run estimates both', () => {
    const events = read({ done: true, done_reason: 'stop', eval_count: 9 })

    expect(events.map(event => event.type)).toEqual(['finish'])
  })

  test('fails with the error that comes after a 200', () => {
    const lines = [{ message: { content: 'Hi' } }, { error: 'an unexpected error: secret' }]

    expect(() => read(...lines)).toThrow(
      expect.objectContaining({ code: 'provider-failed', message: expect.not.stringContaining('secret') }),
    )
  })

  test('keeps what was held back for a tag when it breaks off', () => {
    const reader = createChatReader('qwen3')
    const events: ProviderEvent[] = []

    reader.push(new TextEncoder().encode('{"message":{"content":"1 <"}}\n{"mess'), events)

    expect(() => reader.end(events)).toThrow(SyntaxError)
    expect(events.map(event => (event.type === 'text' ? event.text : '')).join('')).toBe('1 <')
  })

  test('keeps what was held back for a tag when the server reports an error', () => {
    const reader = createChatReader('qwen3')
    const events: ProviderEvent[] = []
    const lines = '{"message":{"content":"1 <"}}\n{"error":"no"}\n'

    expect(() => reader.push(new TextEncoder().encode(lines), events)).toThrow(AppError)
    expect(events.map(event => (event.type === 'text' ? event.text : '')).join('')).toBe('1 <')
  })

  test('says that the machine has too little memory', () => {
    expect(() => read({ error: 'model requires more system memory (5.6 GiB) than is available (3.9 GiB)' })).toThrow(
      expect.objectContaining({
        code: 'provider-failed',
        retryable: false,
        message: expect.stringContaining('memory'),
      }),
    )
  })

  test('reads a lone JSON answer without a line end', () => {
    const reader = createChatReader('qwen3')
    const events: ProviderEvent[] = []

    reader.push(new TextEncoder().encode('{"message":{"content":"Hi"},"done":true}'), events)
    expect(reader.isFinished()).toBe(false)
    reader.end(events)

    expect(reader.isFinished()).toBe(true)
    expect(events).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'stop' },
    ])
  })

  test('hears nothing after its end', () => {
    expect(read({ done: true }, { message: { content: 'more' } }).map(event => event.type)).toEqual(['finish'])
  })
})
