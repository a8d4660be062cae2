import { expect, test } from 'vitest'
import {
  formatDay,
  formatDuration,
  formatPrice,
  formatTime,
  formatTokens,
  formatWhen,
  shortModel,
} from '../../../client/ui/format.ts'

const at = (text: string) => new Date(text).getTime()
const NOW = at('2026-11-23T14:05:00')

test('tokens are short', () => {
  expect([0, 348, 1_284, 6_800, 200_000, 1_048_576].map(formatTokens)).toEqual([
    '0',
    '348',
    '1.3k',
    '6.8k',
    '200k',
    '1M',
  ])
})

test('durations carry their unit', () => {
  expect([412, 6_100, 180_000, 7_200_000].map(formatDuration)).toEqual(['412 ms', '6.1s', '3m', '2h'])
})

test('a row says when it was touched', () => {
  const times = [
    '2026-11-23T14:04:30',
    '2026-11-23T09:41:00',
    '2026-11-22T21:15:00',
    '2026-11-19T10:00:00',
    '2026-09-11T10:00:00',
    '2025-09-11T10:00:00',
  ]
  expect(times.map(time => formatWhen(at(time), NOW))).toEqual([
    'now',
    '09:41',
    '21:15',
    'thu',
    '11 sep',
    '11 sep 2025',
  ])
})

test('under the rule of its day a row says the time, however long ago', () => {
  const times = ['2026-11-23T14:04:30', '2025-09-11T10:00:00']
  expect(times.map(time => formatTime(at(time), NOW))).toEqual(['now', '10:00'])
})

test('a rule names its day', () => {
  const times = ['2026-11-23T00:00:00', '2026-11-22T23:59:00', '2026-11-17T10:00:00', '2025-11-17T10:00:00']
  expect(times.map(time => formatDay(at(time), NOW))).toEqual(['today', 'yesterday', 'tue 17 nov', '17 nov 2025'])
})

test('models go by the name people use', () => {
  const ids = ['anthropic/claude-sonnet-4-5-20250929', 'openai/gpt-5-mini', 'lab/meta/llama-3.3-70b', null]
  expect(ids.map(shortModel)).toEqual(['sonnet-4-5', 'gpt-5-mini', 'meta/llama-3.3-70b', 'no model'])
})

test('prices keep their digits and lose their zeros', () => {
  expect([3, 0.25, 0.075, 15].map(formatPrice)).toEqual(['3', '.25', '.075', '15'])
})
