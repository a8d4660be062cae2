import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import type { DollarSums, UsageSummary } from '../../server/usage/usage-summary.ts'
import { readRun } from '../helpers/read-run.ts'
import { startReplay } from '../helpers/replay.ts'
import { seededRandom } from '../helpers/seeded-random.ts'
import { startTestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  'openai-chat': 'openai',
  'openai-responses': 'openai',
  'openai-compatible': 'openrouter',
  'openai-samples': 'openai',
  ollama: 'ollama',
}

test('the ledger, the total, the days, the models, the chats and the devices add up to the same nano-dollar', async () => {
  const random = seededRandom(20_261_123)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const recordings = findRecordings(...Object.keys(PROVIDERS))
  const streams = recordings.filter(({ kind, status, bytes }) => kind !== 'json' && status === 200 && bytes < 60_000)
  const replay = await startReplay(recordings)
  let now = Date.UTC(2026, 9, 1)
  const server = await startTestServer({
    clock: { now: () => now },
    environment: {
      OPENAI_BASE_URL: `${replay.url}/v1`,
      ANTHROPIC_BASE_URL: replay.url,
      ANTHROPIC_API_KEY: 'sk-ant-test',
      OLLAMA_BASE_URL: replay.url,
      COMPATIBLE_OPENROUTER_BASE_URL: `${replay.url}/v1`,
    },
  })
  const devices = [null, ...[1, 2].map(() => makeId(now, length => Uint8Array.from({ length }, () => random() * 256)))]
  const conversations: string[] = []
  for (let call = 0; call < 150; call++) {
    now += Math.floor(random() * DAY_MS)
    const recording = pick(streams)
    const mode = pick(['', '', '', '', ';cut=0.6', ';midfail=0.5', ';fail=401'])
    const device = pick(devices)
    const conversation_id = random() < 0.5 ? pick(conversations) : undefined
    const response = await server.request('/api/chat/stream', {
      body: {
        message: 'A question',
        model: `${PROVIDERS[recording.category]}/fixture:${recording.name}${mode}`,
        conversation_id,
      },
      headers: device ? { 'x-device-id': device } : {},
    })
    if (response.status === 200) conversations.push((await readRun(response)).conversationId)
    else expect(response.status).toBe(502)
  }
  const summary: UsageSummary = await (await server.request('/api/usage/summary')).json()
  const october: UsageSummary = await (await server.request('/api/usage/summary?from=2026-10-01&to=2026-11-01')).json()
  const later: UsageSummary = await (await server.request('/api/usage/summary?from=2026-11-01')).json()
  await server.stop()
  const database = new BetterSqlite3(server.databasePath, { readonly: true })
  const rows = database.prepare('SELECT * FROM usage_logs').all() as UsageRow[]
  const messages = database.prepare('SELECT SUM(cost_nanousd) AS sum FROM messages').get() as { sum: number }
  database.close()
  await server.close()
  await replay.close()

  const sum = (pickOne: (row: UsageRow) => number | null) => rows.reduce((total, row) => total + (pickOne(row) ?? 0), 0)
  expect(rows).toHaveLength(150)
  expect(rows).toHaveLength(replay.calls.filter(call => call.body !== null).length)
  expect(summary.total.cost_nanousd).toBe(sum(row => row.cost_nanousd))
  expect(summary.total.cost_nanousd).toBeGreaterThan(0)
  expect(messages.sum).toBe(summary.total.cost_nanousd)
  for (const parts of [
    summary.by_day,
    summary.by_model,
    summary.by_conversation,
    summary.by_device,
    [october.total, later.total],
  ]) {
    for (const field of SUMMED)
      expect(
        parts.reduce((total, part) => total + part[field], 0),
        field,
      ).toBe(summary.total[field])
  }
  for (const row of rows) {
    const picousd = (JSON.parse(row.price_lines ?? '[]') as { count: number; unit_picousd: string }[]).reduce(
      (total, line) => total + BigInt(line.count) * BigInt(line.unit_picousd),
      0n,
    )
    if (row.cost_nanousd !== null) expect(Math.abs(Number(picousd) / 1000 - row.cost_nanousd)).toBeLessThanOrEqual(0.5)
    else expect(row.price_state).toBe('unpriced')
  }
}, 120_000)

type UsageRow = {
  readonly cost_nanousd: number | null
  readonly price_state: string
  readonly price_lines: string | null
}

const SUMMED = [
  'requests',
  'tokens_input',
  'tokens_output',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_reasoning',
  'cost_nanousd',
  'unpriced_requests',
  'estimated_requests',
] as const satisfies readonly (keyof DollarSums)[]
