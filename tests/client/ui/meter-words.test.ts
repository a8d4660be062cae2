import { expect, test } from 'vitest'
import type { Model } from '#shared/models.ts'
import { meterWords } from '../../../client/ui/meter-words.ts'

const MODEL: Model = {
  id: 'openai/gpt-5',
  provider: 'openai',
  name: 'gpt-5',
  context_window: 200_000,
  max_output_tokens: null,
  price: { input: 3, output: 15, cache_read: null, cache_write: null },
  abilities: {},
  source: 'live',
}

test.each([
  [1_900, false, '≈ 1.9k tok · $0.006', ''],
  [1_900, true, '1.9k tok · $0.006', ''],
  [159_999, false, '≈ 160k tok · $0.480', ''],
  [188_000, false, '≈ 188k of 200k tok · $0.564', 'warn'],
  [210_000, true, '210k of 200k tok: too long', 'warn'],
] as const)('%i tokens (exact: %s) read %s', (tokens, isExact, words, tone) => {
  expect(meterWords({ tokens, isExact }, MODEL)).toEqual({ words, tone })
})

test('a model without a price says so, a free one too, and one without a known window warns of none', () => {
  const free = { input: 0, output: 0, cache_read: null, cache_write: null }

  expect(meterWords({ tokens: 12, isExact: false }, null).words).toBe('≈ 12 tok · unpriced')
  expect(meterWords({ tokens: 12, isExact: false }, { ...MODEL, price: free }).words).toBe('≈ 12 tok · free')
  expect(meterWords({ tokens: 9_000_000, isExact: false }, { ...MODEL, context_window: null }).tone).toBe('')
})
