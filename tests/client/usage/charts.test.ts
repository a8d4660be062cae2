import { describe, expect, test } from 'vitest'
import { NO_USAGE, type UsageSums } from '#shared/usage-sums.ts'
import { cacheSavings } from '../../../client/usage/cache-savings.ts'
import { dayChart, MOST_DOTS } from '../../../client/usage/day-bars.ts'
import { deviceName } from '../../../client/usage/device-names.ts'
import type { LedgerCall } from '../../../client/usage/ledger-call.ts'
import { paceOf } from '../../../client/usage/pace.ts'
import { parseDollars } from '../../../client/usage/parse-dollars.ts'
import { createDayNamer, daysOf, lastDays, monthOf, monthsBetween, parseMonth } from '../../../client/usage/periods.ts'
import { sparkLine } from '../../../client/usage/spark-line.ts'

const USD = 1_000_000_000
const NOW = new Date(2026, 10, 19, 12).getTime()

const sums = (part: Partial<UsageSums>): UsageSums => ({ ...NO_USAGE, requests: 1, ...part })

describe('the bars of days', () => {
  const days = daysOf(lastDays(NOW, 3))
  const chart = (costs: readonly (number | null)[]) =>
    dayChart(
      days,
      new Map(
        costs.flatMap((cost, index) =>
          cost === null ? [] : [[`2026-11-${17 + index}`, sums({ cost_nanousd: Math.round(cost * USD) })]],
        ),
      ),
      NOW,
    )

  test('stand on round steps, of which the highest bar needs no more than fit', () => {
    const { step, bars } = chart([1.62, 0.5, 0.0625])

    expect(step).toBe(0.5 * USD)
    expect(bars.map(({ dots }) => dots)).toEqual([26, 8, 1])
  })

  test('show a day with any cost as at least a dot, and one without as none', () => {
    expect(chart([20, 1e-9, null]).bars.map(({ dots }) => dots)).toEqual([16, 1, 0])
  })

  test.each([1e-9, 0.003, 0.999, 1, 3.26, 17.47, 99_999])('never grow beyond the chart: %d', cost => {
    const [bar] = chart([cost]).bars

    expect(bar?.dots).toBeLessThanOrEqual(MOST_DOTS)
    expect(bar?.dots).toBeGreaterThanOrEqual(8)
  })

  test('show tokens where all was free', () => {
    const free = dayChart(days, new Map([['2026-11-18', sums({ tokens_input: 1_000, tokens_reasoning: 500 })]]), NOW)

    expect(free.measure).toBe('tokens')
    expect(free.bars[1]?.dots).toBe(24)
  })

  test('know weekends and today', () => {
    const week = dayChart(daysOf(lastDays(NOW, 7)), new Map(), NOW).bars

    expect(week.filter(({ isWeekend }) => isWeekend).map(({ dayMs }) => new Date(dayMs).getDate())).toEqual([14, 15])
    expect(week.findIndex(({ isToday }) => isToday)).toBe(6)
  })
})

describe('the pace of a month', () => {
  const november = parseMonth('2026-11') ?? { fromMs: 0, toMs: 0 }

  test('is projected from what is over', () => {
    const pace = paceOf(12 * USD, november, new Date(2026, 10, 16).getTime())

    expect(pace).toEqual({ elapsed: 0.5, expected: 24 * USD, daysLeft: 14 })
  })

  test('is not projected from a few hours, nor when all is over', () => {
    expect(paceOf(USD, november, new Date(2026, 10, 1, 3).getTime()).expected).toBeNull()
    expect(paceOf(USD, november, new Date(2026, 11, 1).getTime())).toMatchObject({ elapsed: 1, expected: null })
  })
})

describe('months and days', () => {
  test('a month is named by year and number, and nothing else', () => {
    const { fromMs = 0, toMs = 0 } = parseMonth('2026-02') ?? {}

    expect([new Date(fromMs).getDate(), daysOf({ fromMs, toMs }).length]).toEqual([1, 28])
    expect(['2026-13', '2026-1', 'november', '', null].map(parseMonth)).toEqual([null, null, null, null, null])
  })

  test('months are listed from the newest, over the turn of a year', () => {
    const from = new Date(2025, 10, 30).getTime()

    expect(monthsBetween(from, new Date(2026, 1, 1).getTime())).toEqual(['2026-02', '2026-01', '2025-12', '2025-11'])
  })

  test('the day namer names each time as its own day does', () => {
    const name = createDayNamer()
    const times = daysOf({ fromMs: new Date(2026, 2, 25).getTime(), toMs: new Date(2026, 3, 3).getTime() })

    expect(times.flatMap(day => [name(day), name(day + 3_600_000 * 22)])).toEqual(
      times.flatMap(day => [name(day), name(day)]),
    )
    expect(name(new Date(2026, 2, 29, 23, 59).getTime())).toBe('2026-03-29')
    expect(monthOf(new Date(2026, 11, 31, 23, 59).getTime())).toBe('2026-12')
  })
})

test('a spark line is full at its highest, and flat where there is nothing', () => {
  expect(sparkLine([0, 1, 4, 8])).toBe('▁▂▅█')
  expect(sparkLine([0, 0])).toBe('▁▁')
})

describe('what a cache saved', () => {
  const line = (bucket: string, count: number, unit_picousd: string) => ({ bucket, count, unit_picousd })
  const call = (...price_lines: LedgerCall['price_lines'] & object): LedgerCall =>
    ({ price_lines }) as unknown as LedgerCall

  test('is the difference to the price of fresh input, less what writing cost more', () => {
    const read = call(line('input', 10, '3000000'), line('cache_read', 1_000, '300000'))
    const written = call(line('input', 10, '3000000'), line('cache_write', 1_000, '3750000'))

    expect(cacheSavings([read])).toBe(2_700_000)
    expect(cacheSavings([read, written])).toBe(1_950_000)
    expect(cacheSavings([written])).toBe(-750_000)
  })

  test('is not guessed where the price of fresh input is not known', () => {
    expect(cacheSavings([call(line('cache_read', 1_000, '300000')), { ...call(), price_lines: null }])).toBe(0)
  })
})

test('a device has the name it was given, else one that tells it from the others', () => {
  const known = { settings: new Map([['device-name.0001-abcd', 'kitchen phone']]), ownId: '0001-beef' }

  expect(['0001-abcd', '0001-beef', '0001-cafe', null].map(id => deviceName(id, known))).toEqual([
    'kitchen phone',
    'this device',
    'device cafe',
    'script',
  ])
})

test.each([
  ['20', { kind: 'sum', nanousd: 20 * USD }],
  [' $1.50 ', { kind: 'sum', nanousd: 1.5 * USD }],
  ['0,05', { kind: 'sum', nanousd: 0.05 * USD }],
  ['.5', { kind: 'sum', nanousd: 0.5 * USD }],
  ['0', { kind: 'sum', nanousd: 0 }],
  ['', { kind: 'none' }],
  ['twenty', { kind: 'unreadable' }],
  ['-1', { kind: 'unreadable' }],
  ['1e5', { kind: 'unreadable' }],
  ['1.2.3', { kind: 'unreadable' }],
])('%j is read as %j', (text, dollars) => {
  expect(parseDollars(text)).toEqual(dollars)
})
