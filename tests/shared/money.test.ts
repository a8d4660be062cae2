import { describe, expect, test } from 'vitest'
import {
  estimateNanousd,
  formatAnswerCost,
  formatEstimate,
  formatNanousd,
  formatTotal,
  nanousdToUsd,
  picousdToNanousd,
  roundHalfEven,
  scaleDecimal,
} from '#shared/money.ts'

describe('rounding', () => {
  test.each([
    [0n, 0n],
    [499n, 0n],
    [500n, 0n],
    [501n, 1n],
    [1_499n, 1n],
    [1_500n, 2n],
    [2_500n, 2n],
    [2_501n, 3n],
    [3_500n, 4n],
    [-500n, 0n],
    [-1_500n, -2n],
    [-2_500n, -2n],
  ])('%s thousandths are %s', (thousandths, whole) => {
    expect(roundHalfEven(thousandths, 1_000n)).toBe(whole)
  })

  test('is never further off than half, and only ties go to the even number', () => {
    for (let denominator = 1n; denominator <= 9n; denominator++) {
      for (let numerator = -60n; numerator <= 60n; numerator++) {
        const rounded = roundHalfEven(numerator, denominator)
        const twiceOff = 2n * (numerator - rounded * denominator)

        expect(twiceOff <= denominator && twiceOff >= -denominator).toBe(true)
        if (twiceOff === denominator || twiceOff === -denominator) expect(rounded % 2n).toBe(0n)
      }
    }
  })
})

describe('decimals become integers by their digits', () => {
  test.each([
    [2.5, 6, 2_500_000n],
    [0.0375, 6, 37_500n],
    [0.003625, 6, 3_625n],
    [0.1 + 0.2, 6, 300_000n],
    [0.08333333333333334, 6, 83_333n],
    [1e-7, 7, 1n],
    ['2.25e-05', 12, 22_500_000n],
    [1e21, 0, 10n ** 21n],
    ['123456789012345678.000000000001', 12, 123_456_789_012_345_678_000_000_000_001n],
    ['-1.5', 0, -2n],
    [0, 6, 0n],
  ])('%s with %i places is %s', (value, places, scaled) => {
    expect(scaleDecimal(value, places)).toBe(scaled)
  })

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [''], ['1,5'], ['0x10'], ['1e999999999']])(
    '%s is no decimal',
    value => {
      expect(scaleDecimal(value, 6)).toBeNull()
    },
  )
})

test('pico-dollars become nano-dollars with one rounding', () => {
  expect(picousdToNanousd(7_650_916_900n)).toBe(7_650_917)
  expect(picousdToNanousd(2_500n)).toBe(2)
})

test.each([
  [1_000_000, 2.5, 2_500_000_000],
  [1, 2.5, 2_500],
  [3, 0.0005, 2],
  [0, 15, 0],
  [1_000_000_000, 180, 180_000_000_000_000],
])('%i tokens at $%d a million are %i nano-dollars', (tokens, price, nanousd) => {
  expect(estimateNanousd(tokens, price)).toBe(nanousd)
})

test.each([
  [0, 0],
  [1, 0.000000001],
  [9_123_456, 0.009123456],
  [1_234_567_891, 1.234567891],
])('%i nano-dollars are %d dollars', (nanousd, usd) => {
  expect(nanousdToUsd(nanousd)).toBe(usd)
})

test.each([
  [9_100_000, 'reported', '$0.0091'],
  [9_123_456, 'reported', '$0.0091'],
  [9_150_000, 'reported', '$0.0092'],
  [21_700_000, 'reported', '$0.0217'],
  [1_500_000_000, 'reported', '$1.5000'],
  [24_000_000, 'estimated', '≈$0.024'],
  [0, 'reported', 'free'],
  [1, 'reported', '<$0.0001'],
  [49_999, 'reported', '<$0.0001'],
  [null, 'unpriced', 'unpriced'],
  [null, null, 'unpriced'],
] as const)('an answer of %s nano-dollars, %s, reads %s', (nanousd, state, text) => {
  expect(formatAnswerCost(nanousd, state)).toBe(text)
})

test.each([
  [6_000_000, '≈ $0.006'],
  [12_400_000, '≈ $0.012'],
  [10_000, '≈ <$0.001'],
  [0, 'free'],
  [null, 'unpriced'],
])('an estimate of %s nano-dollars reads %s', (nanousd, text) => {
  expect(formatEstimate(nanousd)).toBe(text)
})

test.each([
  [12_400_000_000, '$12.40'],
  [310_000_000, '$0.31'],
  [0, '$0.00'],
  [1_000_000, '<$0.01'],
])('a total of %s nano-dollars reads %s', (nanousd, text) => {
  expect(formatTotal(nanousd)).toBe(text)
})

test('the exact figure shows every nano-dollar', () => {
  expect(formatNanousd(9_123_456)).toBe('$0.009123456')
  expect(formatNanousd(12_000_000_001)).toBe('$12.000000001')
})
