import { describe, expect, test } from 'vitest'
import { messageBody } from '../../server/providers/anthropic/message-body.ts'
import { guessTraits, type ModelTraits } from '../../server/providers/anthropic/model-traits.ts'
import type { ProviderRequest } from '../../server/providers/provider.ts'

const ASKED: ProviderRequest = {
  model: 'claude-haiku-4-5',
  system: null,
  messages: [{ role: 'user', content: 'Hi' }],
  temperature: null,
  reasoning: null,
  maxOutputTokens: null,
  conversationId: '0192',
  idempotencyKey: 'run-1',
}

function bodyOf(asked: Partial<ProviderRequest>, options: { traits?: Partial<ModelTraits>; refused?: string[] } = {}) {
  const request = { ...ASKED, ...asked }
  const refused = { has: (_: string, parameter: string) => options.refused?.includes(parameter) ?? false }
  return messageBody(request, { ...guessTraits(request.model), ...options.traits }, refused)
}

describe('the body of a message', () => {
  test('holds only what the API requires and prompt caching when the user set nothing', () => {
    expect(bodyOf({})).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 64_000,
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
      cache_control: { type: 'ephemeral' },
    })
  })

  test('leaves out a blank system prompt', () => {
    expect(bodyOf({ system: '  \n' })).not.toHaveProperty('system')
    expect(bodyOf({ system: 'Be brief.' })).toHaveProperty('system', 'Be brief.')
  })

  test('joins turns of the same role and drops empty ones', () => {
    const messages = [
      { role: 'user', content: 'One' },
      { role: 'assistant', content: ' ' },
      { role: 'user', content: 'Two' },
      { role: 'assistant', content: 'Three' },
      { role: 'user', content: 'Four' },
    ] as const

    expect(bodyOf({ messages }).messages).toEqual([
      { role: 'user', content: 'One\n\nTwo' },
      { role: 'assistant', content: 'Three' },
      { role: 'user', content: 'Four' },
    ])
  })

  test('never ends with the assistant, since newer models take no prefill', () => {
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hel' },
    ] as const

    expect(bodyOf({ messages }).messages).toEqual([{ role: 'user', content: 'Hi' }])
  })

  test('caps max_tokens at the limit that the list of models gave, and not at a guessed one', () => {
    expect(bodyOf({ maxOutputTokens: 90_000 }, { traits: { maxTokensLimit: 64_000 } }).max_tokens).toBe(64_000)
    expect(bodyOf({ maxOutputTokens: 90_000 }).max_tokens).toBe(90_000)
  })
})

describe('temperature', () => {
  test('is sent to models that take it, zero too', () => {
    expect(bodyOf({ temperature: 0 })).toHaveProperty('temperature', 0)
  })

  test('is left out for models that refuse it and for one that has refused it before', () => {
    expect(bodyOf({ model: 'claude-opus-4-8', temperature: 0.5 })).not.toHaveProperty('temperature')
    expect(bodyOf({ temperature: 0.5 }, { refused: ['temperature'] })).not.toHaveProperty('temperature')
  })

  test('is left out while the model thinks', () => {
    expect(bodyOf({ temperature: 0.5, reasoning: 'high' })).not.toHaveProperty('temperature')
    expect(bodyOf({ temperature: 0.5, reasoning: 'none' })).toHaveProperty('temperature', 0.5)
  })
})

describe('thinking', () => {
  test.each([
    // Models that decide for themselves take an effort, the nearest one below where theirs are fewer.
    ['claude-opus-4-8', 'xhigh', { type: 'adaptive', display: 'summarized' }, { effort: 'xhigh' }],
    ['claude-sonnet-4-6', 'xhigh', { type: 'adaptive', display: 'summarized' }, { effort: 'high' }],
    ['claude-sonnet-5', 'minimal', { type: 'adaptive', display: 'summarized' }, { effort: 'low' }],
    ['claude-opus-4-8', 'none', { type: 'disabled' }, undefined],
    ['claude-opus-4-8', null, undefined, undefined],
    // Models that cannot stop come nearest with the lowest effort, and show their thinking in any case.
    ['claude-opus-5-5', 'none', { type: 'adaptive', display: 'summarized' }, { effort: 'low' }],
    ['claude-fable-5-1', null, { type: 'adaptive', display: 'summarized' }, undefined],
    // Models up to 4.5 take a budget and think only when told to.
    ['claude-haiku-4-5-20251001', 'high', { type: 'enabled', budget_tokens: 16_384 }, undefined],
    ['claude-haiku-4-5-20251001', 'none', undefined, undefined],
    ['claude-3-7-sonnet-20250219', 'minimal', { type: 'enabled', budget_tokens: 1_024 }, undefined],
    ['claude-opus-4-1', 'max', { type: 'enabled', budget_tokens: 16_000 }, undefined],
    // Older ones cannot think.
    ['claude-3-5-haiku-20241022', 'high', undefined, undefined],
  ] as const)('of %s with effort %s', (model, reasoning, thinking, output_config) => {
    const body = bodyOf({ model, reasoning })

    expect(body.thinking).toEqual(thinking)
    expect(body.output_config).toEqual(output_config)
  })

  test('leaves room for the answer in a small max_tokens', () => {
    expect(bodyOf({ reasoning: 'high', maxOutputTokens: 6_000 }).thinking).toEqual({
      type: 'enabled',
      budget_tokens: 3_000,
    })
    expect(bodyOf({ reasoning: 'high', maxOutputTokens: 1_500 }).thinking).toEqual({
      type: 'enabled',
      budget_tokens: 1_024,
    })
    expect(bodyOf({ reasoning: 'high', maxOutputTokens: 1_024 })).not.toHaveProperty('thinking')
  })

  test('takes the other form once a model has refused the first', () => {
    const adaptive = bodyOf({ reasoning: 'low' }, { refused: ['thinking.enabled'] })
    const budget = bodyOf({ model: 'claude-new-9', reasoning: 'low' }, { refused: ['thinking.adaptive'] })
    const neither = bodyOf({ reasoning: 'low' }, { refused: ['thinking.adaptive', 'thinking.enabled'] })

    expect(adaptive.thinking).toEqual({ type: 'adaptive', display: 'summarized' })
    expect(budget.thinking).toEqual({ type: 'enabled', budget_tokens: 2_048 })
    expect(neither).not.toHaveProperty('thinking')
  })

  test('is not turned off again for a model that has refused that', () => {
    const body = bodyOf({ model: 'claude-sonnet-6', reasoning: 'none' }, { refused: ['thinking.disabled'] })

    expect(body.thinking).toEqual({ type: 'adaptive', display: 'summarized' })
    expect(body.output_config).toEqual({ effort: 'low' })
  })

  test('goes without an effort once that was refused', () => {
    const body = bodyOf({ model: 'claude-opus-4-8', reasoning: 'high' }, { refused: ['effort'] })

    expect(body).not.toHaveProperty('output_config')
    expect(body.thinking).toEqual({ type: 'adaptive', display: 'summarized' })
  })
})

describe('what a name tells of a model', () => {
  test.each([
    ['claude-3-opus-20240229', 4_096],
    ['claude-3-5-sonnet-20241022', 8_192],
    ['claude-3-7-sonnet-20250219', 64_000],
    ['claude-opus-4-20250514', 32_000],
    ['claude-opus-4-1-20250805', 32_000],
    ['claude-sonnet-4-20250514', 64_000],
    ['claude-opus-5', 64_000],
    ['somebody-elses-model', 32_000],
  ])('%s may write %i tokens', (model, maxTokens) => {
    expect(guessTraits(model).defaultMaxTokens).toBe(maxTokens)
  })

  test('a version of two digits comes after one of one digit', () => {
    expect(guessTraits('claude-opus-4-10').takesTemperature).toBe(false)
    expect(guessTraits('claude-opus-4-6').takesTemperature).toBe(true)
  })
})
