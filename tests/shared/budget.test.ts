import { expect, test } from 'vitest'
import { type Budget, judgeBudget, limitWords } from '#shared/budget.ts'
import { parseBudget } from '#shared/wire/budget.ts'

const USD = 1_000_000_000
const BUDGET: Budget = {
  time_zone: 'Europe/Berlin',
  day: { warn_nanousd: 1.6 * USD, stop_nanousd: 2 * USD },
  month: { warn_nanousd: 16 * USD, stop_nanousd: 20 * USD },
}

test.each([
  ['nothing is near', 0.5, 10, null],
  ['one nano-dollar before a warning', 1.6 - 1e-9, 10, null],
  ['the day warns', 1.6, 10, { level: 'warn', period: 'day' }],
  ['the month warns before the day', 1.7, 17, { level: 'warn', period: 'month' }],
  ['the day stops before the month warns', 2, 17, { level: 'stop', period: 'day' }],
  ['the month stops', 0, 20, { level: 'stop', period: 'month' }],
])('%s', (_, day, month, standing) => {
  const judged = judgeBudget(BUDGET, { day: Math.round(day * USD), month: month * USD })

  expect(judged && { level: judged.level, period: judged.period }).toEqual(standing)
})

test('without limits nothing is ever near', () => {
  const none = { warn_nanousd: null, stop_nanousd: null }

  expect(judgeBudget(null, { day: 1e15, month: 1e15 })).toBeNull()
  expect(judgeBudget({ ...BUDGET, day: none, month: none }, { day: 1e15, month: 1e15 })).toBeNull()
})

test('a limit is named with its money and its period', () => {
  const day = judgeBudget(BUDGET, { day: 2 * USD, month: 0 })

  expect(day && limitWords(day)).toBe('limit of $2.00 for today')
})

test.each([
  ['no object', 12],
  ['a limit that is no whole number', { ...BUDGET, day: { warn_nanousd: 1.5, stop_nanousd: null } }],
  ['a limit below nothing', { ...BUDGET, month: { warn_nanousd: null, stop_nanousd: -1 } }],
  ['a time zone that nobody knows', { ...BUDGET, time_zone: 'Mars/Olympus' }],
])('%s is no budget', (_, value) => {
  expect(parseBudget(value)).toBeNull()
})

test('a budget is read as it was written', () => {
  expect(parseBudget(JSON.parse(JSON.stringify(BUDGET)))).toEqual(BUDGET)
})
