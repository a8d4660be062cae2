import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import type { PriceState, UsageLog } from '#shared/records.ts'
import { rowOfFeed } from '#shared/sync-row.ts'
import type { UsageSums } from '#shared/usage-sums.ts'
import type { FeedRow } from '#shared/wire/sync.ts'
import { parseLedgerRow } from '../../../client/device/parse.ts'
import type { LedgerCall } from '../../../client/usage/ledger-call.ts'
import { summarizeLedger } from '../../../client/usage/summarize-ledger.ts'
import { openDatabase } from '../../../server/database/open-database.ts'
import { OWNER_USER_ID } from '../../../server/database/schema.ts'
import { createWriter } from '../../../server/database/writer.ts'
import { insertUsageLog } from '../../../server/usage/usage-store.ts'
import type { DollarSums, UsageSummary } from '../../../server/usage/usage-summary.ts'
import { seededRandom } from '../../helpers/seeded-random.ts'
import { startTestServer } from '../../helpers/test-server.ts'

const START = Date.UTC(2026, 8, 1)
const DAY_MS = 86_400_000
const random = seededRandom(61)
const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[Math.floor(random() * items.length)] ?? items[0]
const whole = (most: number): number => Math.floor(random() * most)
const newId = (): string => makeId(START, randomBytes)
const CHATS = [newId(), newId(), newId(), newId()] as const
const DEVICES = [null, newId(), newId()] as const

function madeUpCall(): UsageLog {
  const price_state = pick<PriceState>(['reported', 'reported', 'estimated', 'unpriced'])
  return {
    id: newId(),
    run_id: newId(),
    attempt: 1,
    conversation_id: pick(CHATS),
    message_id: newId(),
    device_id: pick(DEVICES),
    provider: 'openai',
    model: pick(['openai/a', 'openai/b', 'ollama/c']),
    served_model: null,
    outcome: pick(['complete', 'complete', 'cancelled', 'error']),
    tokens_input: whole(100_000),
    tokens_output: whole(9_000),
    tokens_cache_read: whole(50_000),
    tokens_cache_write: whole(5_000),
    tokens_reasoning: whole(3_000),
    cost_nanousd: price_state === 'unpriced' ? null : whole(3_000_000_000),
    price_state,
    price_version: null,
    price_lines: [{ bucket: 'input', count: 3, unit_picousd: '3000000' }],
    raw_usage: { any: 'thing' },
    provider_request_id: null,
    timestamp: START + whole(70 * DAY_MS),
  }
}

/** All rows of the ledger as a device gets them. */
async function pull(url: string): Promise<readonly LedgerCall[]> {
  const calls: LedgerCall[] = []
  for (let before: string | null = ''; before !== null; ) {
    const query: string = before === '' ? '' : `?before=${before}`
    const text = await (await fetch(`${url}/api/sync/rows/usage_logs${query}`)).text()
    const lines = text.trim().split('\n')
    const trailer: { readonly before: string | null } = JSON.parse(lines.pop() ?? '')
    calls.push(...lines.flatMap(line => parseLedgerRow(rowOfFeed(JSON.parse(line) as FeedRow, 0)) ?? []))
    before = trailer.before
  }
  return calls
}

const without = ({ cost: _, ...sums }: DollarSums): UsageSums => sums

test('the sums of a device equal those of the server to the nano-dollar, in each breakdown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  const sqlite = openDatabase(join(folder, 'llm-router.db'))
  createWriter({ sqlite, clock: { now: () => START }, randomBytes }).write(transaction => {
    for (let call = 0; call < 3_000; call++) insertUsageLog(transaction, OWNER_USER_ID, madeUpCall())
  })
  sqlite.close()
  const server = await startTestServer({ folder })

  const summary: UsageSummary = await (await server.request('/api/usage/summary')).json()
  const own = summarizeLedger(await pull(server.url), timeMs => new Date(timeMs).toISOString().slice(0, 10))
  await server.close()

  expect(own.total.requests).toBe(3_000)
  expect(own.total.unpriced_requests).toBeGreaterThan(0)
  expect(own.total).toEqual(without(summary.total))
  expect(own.byDay).toEqual(new Map(summary.by_day.map(({ day, ...sums }) => [day, without(sums)])))
  expect(own.byModel).toEqual(new Map(summary.by_model.map(({ model, ...sums }) => [model, without(sums)])))
  expect(own.byDevice).toEqual(new Map(summary.by_device.map(({ device_id, ...sums }) => [device_id, without(sums)])))
  expect(own.byConversation).toEqual(
    new Map(summary.by_conversation.map(({ conversation_id, title: _, ...sums }) => [conversation_id, without(sums)])),
  )
})
