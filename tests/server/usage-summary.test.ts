import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import type { UsageLog } from '#shared/records.ts'
import { openDatabase } from '../../server/database/open-database.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { createWriter } from '../../server/database/writer.ts'
import { insertUsageLog } from '../../server/usage/usage-store.ts'
import type { DollarSums, UsageSummary } from '../../server/usage/usage-summary.ts'
import { seededRandom } from '../helpers/seeded-random.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const DAY = 86_400_000
const MIDNIGHT = Date.UTC(2026, 10, 23)
const PHONE = '01a20000-0000-7000-8000-0000000000d1'
const CHAT = '01a20000-0000-7000-8000-0000000000c1'

let server: TestServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

/** Starts a server over a ledger of these calls; what a call leaves out is that of a plain paid one. */
async function startWith(calls: readonly Partial<UsageLog>[], userId = OWNER_USER_ID): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  const clock = { now: () => MIDNIGHT }
  const sqlite = openDatabase(join(folder, 'llm-router.db'))
  createWriter({ sqlite, clock, randomBytes }).write(transaction => {
    for (const call of calls) insertUsageLog(transaction, userId, { ...plainCall(), ...call })
  })
  sqlite.close()
  server = await startTestServer({ folder, clock })
  return server
}

function plainCall(): UsageLog {
  return {
    id: makeId(MIDNIGHT, randomBytes),
    run_id: makeId(MIDNIGHT, randomBytes),
    attempt: 1,
    conversation_id: CHAT,
    message_id: makeId(MIDNIGHT, randomBytes),
    device_id: null,
    provider: 'openai',
    model: 'openai/gpt-5',
    served_model: 'gpt-5-2026',
    outcome: 'complete',
    tokens_input: 1,
    tokens_output: 2,
    tokens_cache_read: 3,
    tokens_cache_write: 4,
    tokens_reasoning: 5,
    cost_nanousd: 1_000_000_000,
    price_state: 'reported',
    price_version: null,
    price_lines: null,
    raw_usage: null,
    provider_request_id: null,
    timestamp: MIDNIGHT,
  }
}

async function summaryOf(on: TestServer, query = ''): Promise<UsageSummary> {
  const answer = await on.request(`/api/usage/summary${query}`)
  expect(answer.status).toBe(200)
  return answer.json()
}

test('an empty ledger sums to zeros', async () => {
  const nothing = {
    requests: 0,
    tokens_input: 0,
    tokens_output: 0,
    tokens_cache_read: 0,
    tokens_cache_write: 0,
    tokens_reasoning: 0,
    cost_nanousd: 0,
    cost: 0,
    unpriced_requests: 0,
    estimated_requests: 0,
  }

  expect(await summaryOf(await startWith([]))).toEqual({
    total: nothing,
    by_model: [],
    by_day: [],
    by_conversation: [],
    by_device: [],
  })
})

test('every bucket is summed by itself, and dollars are nano-dollars shifted', async () => {
  const on = await startWith([{}, { cost_nanousd: 234_567_891, tokens_reasoning: 0 }])

  expect((await summaryOf(on)).total).toEqual({
    requests: 2,
    tokens_input: 2,
    tokens_output: 4,
    tokens_cache_read: 6,
    tokens_cache_write: 8,
    tokens_reasoning: 5,
    cost_nanousd: 1_234_567_891,
    cost: 1.234567891,
    unpriced_requests: 0,
    estimated_requests: 0,
  })
})

test('a call without a price is counted, marked, and costs nothing that is known', async () => {
  const on = await startWith([{ cost_nanousd: null, price_state: 'unpriced' }, { price_state: 'estimated' }, {}])

  const { total } = await summaryOf(on)

  expect(total).toMatchObject({ requests: 3, cost_nanousd: 2_000_000_000, unpriced_requests: 1, estimated_requests: 1 })
})

test('breakdowns name model, day, conversation with its title, and device; the dearest comes first', async () => {
  const on = await startWith([
    { model: 'openai/cheap', cost_nanousd: 1, timestamp: MIDNIGHT - 1, device_id: PHONE },
    { model: 'openai/dear', cost_nanousd: 5, timestamp: MIDNIGHT },
    { model: 'openai/cheap', cost_nanousd: 1, timestamp: MIDNIGHT + DAY - 1, conversation_id: PHONE },
    { model: 'openai/also-cheap', cost_nanousd: 2, timestamp: MIDNIGHT + DAY },
  ])
  await on.request('/api/conversations', { body: { id: CHAT, title: 'Named' } })

  const { by_model, by_day, by_conversation, by_device } = await summaryOf(on)

  expect(by_model.map(({ model, cost_nanousd }) => [model, cost_nanousd])).toEqual([
    ['openai/dear', 5],
    ['openai/also-cheap', 2],
    ['openai/cheap', 2],
  ])
  expect(by_day.map(({ day, requests }) => [day, requests])).toEqual([
    ['2026-11-22', 1],
    ['2026-11-23', 2],
    ['2026-11-24', 1],
  ])
  expect(
    by_conversation.map(({ conversation_id, title, cost_nanousd }) => [conversation_id, title, cost_nanousd]),
  ).toEqual([
    [CHAT, 'Named', 8],
    [PHONE, null, 1],
  ])
  expect(by_device.map(({ device_id, cost_nanousd }) => [device_id, cost_nanousd])).toEqual([
    [null, 8],
    [PHONE, 1],
  ])
})

describe('a range', () => {
  test.each([
    ['', 4],
    [`?from=${MIDNIGHT}`, 3],
    [`?to=${MIDNIGHT}`, 1],
    ['?from=2026-11-23&to=2026-11-24', 2],
    [`?from=${MIDNIGHT}&to=${MIDNIGHT + 1}`, 1],
    [`?from=${MIDNIGHT}&to=${MIDNIGHT}`, 0],
    ['?to=999999999999999', 4],
    ['?from=0', 4],
  ])('%s takes its start in and leaves its end out', async (query, requests) => {
    const on = await startWith([-1, 0, DAY - 1, DAY].map(after => ({ timestamp: MIDNIGHT + after })))

    expect((await summaryOf(on, query)).total.requests).toBe(requests)
  })
})

test('calls of another user are not in the sums', async () => {
  const on = await startWith([{}, {}], 2)

  const { total, by_model } = await summaryOf(on)

  expect([total.requests, by_model]).toEqual([0, []])
})

test.each([1, 2, 3])(
  'every breakdown of a random ledger adds up to the total, to the nano-dollar (seed %i)',
  async seed => {
    const random = seededRandom(seed)
    const whole = (most: number) => Math.floor(random() * most)
    const calls = Array.from({ length: 200 }, () => ({
      model: `openai/model-${whole(5)}`,
      conversation_id: `01a20000-0000-7000-8000-00000000000${whole(9)}`,
      device_id: random() < 0.3 ? null : `01a20000-0000-7000-8000-0000000000d${whole(3)}`,
      tokens_input: whole(1_000_000),
      tokens_output: whole(100_000),
      cost_nanousd: random() < 0.1 ? null : whole(1e12),
      price_state: random() < 0.2 ? ('estimated' as const) : ('reported' as const),
      timestamp: MIDNIGHT + whole(10 * DAY),
    }))
    const expected = calls.reduce((sum, call) => sum + BigInt(call.cost_nanousd ?? 0), 0n)

    const { total, ...breakdowns } = await summaryOf(await startWith(calls))

    expect(BigInt(total.cost_nanousd)).toBe(expected)
    for (const [name, rows] of Object.entries(breakdowns)) {
      const added: Partial<Record<keyof DollarSums, number>> = {}
      for (const row of rows) for (const key of SUMMED) added[key] = (added[key] ?? 0) + row[key]
      expect(added, name).toEqual(Object.fromEntries(SUMMED.map(key => [key, total[key]])))
    }
  },
)

const SUMMED = [
  'requests',
  'tokens_input',
  'tokens_output',
  'tokens_reasoning',
  'cost_nanousd',
  'estimated_requests',
] as const
