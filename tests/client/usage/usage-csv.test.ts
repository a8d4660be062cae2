import { expect, test } from 'vitest'
import type { LedgerCall } from '../../../client/usage/ledger-call.ts'
import { usageCsv } from '../../../client/usage/usage-csv.ts'

const CALL: LedgerCall = {
  id: 'u1',
  run_id: 'r1',
  attempt: 1,
  conversation_id: 'c1',
  message_id: 'm1',
  device_id: 'd1',
  provider: 'openai',
  model: 'openai/gpt-5',
  served_model: null,
  outcome: 'complete',
  tokens_input: 1,
  tokens_output: 2,
  tokens_cache_read: 3,
  tokens_cache_write: 4,
  tokens_reasoning: 5,
  cost_nanousd: 9_123_456,
  price_state: 'reported',
  price_version: '2026-11',
  price_lines: null,
  timestamp: Date.UTC(2026, 10, 23, 14, 5),
}

/** The cells of the first call, by the names of their columns; the file is taken apart as RFC 4180 says. */
function cellsOf(csv: string): ReadonlyMap<string, string> {
  const rows = readCsv(csv)
  return new Map((rows[0] ?? []).map((name, index) => [name, rows[1]?.[index] ?? '']))
}

function readCsv(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (plain === '' && end === '') break
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.filter(row => row.length > 0)
}

const namesOf = (title: string) => ({ titleOf: () => title, deviceOf: () => 'laptop' })

test('a call is a line with its exact cost in dollars and in nano-dollars', () => {
  const cells = cellsOf(usageCsv([CALL], namesOf('router notes')))

  expect(cells.get('time')).toBe('2026-11-23T14:05:00.000Z')
  expect(cells.get('cost_usd')).toBe('0.009123456')
  expect(cells.get('cost_nanousd')).toBe('9123456')
  expect(cells.get('chat')).toBe('router notes')
  expect(cells.get('tokens_reasoning')).toBe('5')
})

test('an unknown price is an empty cell, and a free call costs nothing', () => {
  const unpriced = cellsOf(usageCsv([{ ...CALL, cost_nanousd: null, price_state: 'unpriced' }], namesOf('')))
  const free = cellsOf(usageCsv([{ ...CALL, cost_nanousd: 0 }], namesOf('')))

  expect([unpriced.get('cost_usd'), unpriced.get('cost_nanousd'), unpriced.get('price_state')]).toEqual([
    '',
    '',
    'unpriced',
  ])
  expect([free.get('cost_usd'), free.get('cost_nanousd')]).toEqual(['0.000000000', '0'])
})

test.each([
  ['a comma', 'one, two'],
  ['quotes', 'the “so-called" answer'],
  ['a line break', 'one\r\ntwo'],
  ['letters of any script', '価格 · Größe'],
])('a title with %s comes out of the file as it went in', (_, title) => {
  expect(cellsOf(usageCsv([CALL], namesOf(title))).get('chat')).toBe(title)
})

test.each(['=SUM(A1:A9)', '+1', '-1+1', '@now', '\tx', '\rx'])('a title like %j is no formula', title => {
  expect(cellsOf(usageCsv([CALL], namesOf(title))).get('chat')).toBe(`'${title}`)
})

test('an empty month is a line of names', () => {
  expect(readCsv(usageCsv([], namesOf('')))).toHaveLength(1)
  expect(usageCsv([], namesOf('')).endsWith('\r\n')).toBe(true)
})
