import { describe, expect, test } from 'vitest'
import { estimateTokens } from '#shared/token-estimate.ts'

describe('is near the real count', () => {
  // `real` was counted with o200k_base.
  test.each([
    [
      'English',
      'When I was a child my grandmother used to tell me stories about the village where she grew up, and how the winters were so cold that the river froze.',
      32,
    ],
    [
      'German',
      'Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller staatlichen Gewalt.',
      25,
    ],
    ['Russian', 'Все люди рождаются свободными и равными в своем достоинстве и правах.', 18],
    ['Chinese', '人人生而自由,在尊严和权利上一律平等。', 17],
    ['Korean', '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.', 23],
    ['code', 'export function add(one: number, other: number): number {\n  return one + other\n}\n', 21],
    ['digits', '1234567890 2024-11-23 3.14159 42 1000000', 22],
  ])('%s', (_name, text, real) => {
    const estimate = estimateTokens(text)

    expect(estimate).toBeGreaterThan(real * 0.75)
    expect(estimate).toBeLessThan(real * 1.35)
  })
})

test('an empty text has no tokens and any other at least one', () => {
  expect(estimateTokens('')).toBe(0)
  for (const text of ['a', ' ', '\n', '中', '😀', '\ud800', '\u0000']) expect(estimateTokens(text)).toBeGreaterThan(0)
})

test('twice the text is about twice the tokens', () => {
  const page = 'A page of text, with 3 numbers (1, 2) and `code()`.\n'.repeat(100)

  expect(estimateTokens(page + page) / estimateTokens(page)).toBeCloseTo(2, 2)
})
