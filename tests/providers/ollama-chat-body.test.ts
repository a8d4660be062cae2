import { describe, expect, test } from 'vitest'
import { chatBody } from '../../server/providers/ollama/chat-body.ts'
import { createContextSizer } from '../../server/providers/ollama/context-size.ts'
import type { ProviderRequest } from '../../server/providers/provider.ts'

const ASKED: ProviderRequest = {
  model: 'qwen3:4b',
  system: null,
  messages: [{ role: 'user', content: 'Hi' }],
  temperature: null,
  reasoning: null,
  maxOutputTokens: null,
  conversationId: '0192',
  idempotencyKey: 'run-1',
}

function bodyOf(asked: Partial<ProviderRequest>, refused: readonly string[] = []) {
  return chatBody({ ...ASKED, ...asked }, { has: (_, parameter) => refused.includes(parameter) }, 8_192)
}

describe('the body of a chat', () => {
  test('holds the size of the context and forbids silent cuts when the user set nothing', () => {
    expect(bodyOf({})).toEqual({
      model: 'qwen3:4b',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      truncate: false,
      shift: false,
      options: { num_ctx: 8_192 },
    })
  })

  test('begins with the system prompt and drops empty turns', () => {
    const messages = [
      { role: 'assistant', content: '\n' },
      { role: 'user', content: 'Hi' },
    ] as const

    expect(bodyOf({ system: 'Be brief.', messages }).messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ])
  })

  test('passes on what the user set, zero too', () => {
    expect(bodyOf({ temperature: 0, maxOutputTokens: 50 }).options).toEqual({
      num_ctx: 8_192,
      num_predict: 50,
      temperature: 0,
    })
  })

  test.each([
    ['qwen3:4b', 'none', false],
    ['qwen3:4b', 'minimal', 'low'],
    ['qwen3:4b', 'xhigh', 'high'],
    ['qwen3:4b', 'max', 'max'],
    ['gpt-oss:20b', 'none', 'low'],
    ['huggingface.co/org/gpt-oss:20b', 'none', 'low'],
    ['qwen3:4b', null, undefined],
  ] as const)('asks %s with effort %s to think %s', (model, reasoning, think) => {
    expect(bodyOf({ model, reasoning }).think).toBe(think)
  })

  test('does not ask a model to think that has refused it, and names no level to a server that knows none', () => {
    expect(bodyOf({ reasoning: 'high' }, ['think'])).not.toHaveProperty('think')
    expect(bodyOf({ reasoning: 'high' }, ['think.level']).think).toBe(true)
  })
})

describe('the size of the context', () => {
  const long = (bytes: number): ProviderRequest => ({
    ...ASKED,
    messages: [{ role: 'user', content: 'a'.repeat(bytes) }],
  })

  test('is twice the default of Ollama for a short prompt', () => {
    expect(createContextSizer().size(ASKED, 131_072)).toBe(8_192)
  })

  test('grows with the prompt and the wanted answer', () => {
    expect(createContextSizer().size(long(60_000), 131_072)).toBe(32_768)
    expect(createContextSizer().size({ ...ASKED, maxOutputTokens: 10_000 }, 131_072)).toBe(16_384)
  })

  test('counts a Chinese sign as a token of its own', () => {
    const request: ProviderRequest = { ...ASKED, messages: [{ role: 'user', content: '中'.repeat(7_000) }] }

    expect(createContextSizer().size(request, null)).toBe(16_384)
  })

  test('is never more than the model was trained for', () => {
    expect(createContextSizer().size(ASKED, 2_048)).toBe(2_048)
    expect(createContextSizer().size(long(600_000), 40_960)).toBe(40_960)
  })

  test('does not shrink again, as each new size loads the model anew', () => {
    const sizer = createContextSizer()
    sizer.size(long(60_000), 131_072)

    expect(sizer.size(ASKED, 131_072)).toBe(32_768)
    expect(sizer.size({ ...ASKED, model: 'llama3' }, 131_072)).toBe(8_192)
  })
})
