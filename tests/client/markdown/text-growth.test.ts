import { describe, expect, test } from 'vitest'
import { createGrowthCheck } from '../../../client/markdown/text-growth.ts'

describe('whether a text has grown', () => {
  test('is so while each begins with the one before', () => {
    const hasGrown = createGrowthCheck('')

    expect(['', 'a', 'ab', 'ab', 'abc'].map(text => hasGrown(text, false))).toEqual([true, true, true, true, true])
  })

  test('is not so for a shorter text, or one that ends otherwise', () => {
    const hasGrown = createGrowthCheck('abc')

    expect(['ab', 'abd', 'xbd'].map(text => hasGrown(text, false))).toEqual([false, true, false])
  })

  test('is known at the end even when only the start of a long text has changed', () => {
    const text = 'a'.repeat(20_000)
    const hasGrown = createGrowthCheck(text)

    expect(hasGrown(`${text}b`, false)).toBe(true)
    expect(hasGrown(`x${text.slice(1)}bc`, true)).toBe(false)
  })

  test('is known before the end once enough has come', () => {
    const text = 'a'.repeat(20_000)
    const hasGrown = createGrowthCheck(text)

    expect(hasGrown(`x${text.slice(1)}${'b'.repeat(8_001)}`, false)).toBe(false)
  })
})
