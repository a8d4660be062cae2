import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Budget } from '#shared/budget.ts'
import { makeId } from '#shared/ids.ts'
import type { Model } from '#shared/models.ts'
import type { UsageLog } from '#shared/records.ts'
import { openDatabase } from '../../server/database/open-database.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { createWriter } from '../../server/database/writer.ts'
import { createBudgetService } from '../../server/usage/budget-service.ts'
import { insertUsageLog } from '../../server/usage/usage-store.ts'
import { readRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const USD = 1_000_000_000
const NOW = Date.parse('2026-11-23T12:00:00Z')
/** Priced: the recording says which model was served. */
const MODEL = 'anthropic/fixture:anthropic/text'
const NO_LIMITS = { warn_nanousd: null, stop_nanousd: null }

const newId = (): string => makeId(NOW, randomBytes)
const stopAt = (stop_nanousd: number, period: 'day' | 'month' = 'month'): Budget => ({
  time_zone: 'Europe/Berlin',
  day: NO_LIMITS,
  month: NO_LIMITS,
  [period]: { warn_nanousd: null, stop_nanousd },
})

let replay: Replay
let folder: string
let server: TestServer | undefined

beforeAll(async () => {
  replay = await startReplay(findRecordings('anthropic'))
})

afterAll(() => replay.close())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
})

afterEach(async () => {
  await server?.close()
  server = undefined
})

/** Writes a ledger and a budget where the next server will find them. */
function write(budget: unknown, calls: readonly { readonly usd: number | null; readonly at: string }[]): void {
  const sqlite = openDatabase(join(folder, 'llm-router.db'))
  createWriter({ sqlite, clock: { now: () => NOW }, randomBytes }).write(transaction => {
    for (const call of calls) insertUsageLog(transaction, OWNER_USER_ID, paidCall(call.usd, Date.parse(call.at)))
    sqlite
      .prepare(`INSERT INTO settings (id, user_id, rev, value, created_at) VALUES ('budget', ?, ?, ?, ?)`)
      .run(OWNER_USER_ID, transaction.nextRev(), JSON.stringify(budget), NOW)
  })
  sqlite.close()
}

function paidCall(usd: number | null, timestamp: number): UsageLog {
  return {
    id: newId(),
    run_id: newId(),
    attempt: 1,
    conversation_id: newId(),
    message_id: newId(),
    device_id: null,
    provider: 'openai',
    model: 'openai/gpt-5',
    served_model: null,
    outcome: 'complete',
    tokens_input: 1,
    tokens_output: 1,
    tokens_cache_read: 0,
    tokens_cache_write: 0,
    tokens_reasoning: 0,
    cost_nanousd: usd === null ? null : Math.round(usd * USD),
    price_state: usd === null ? 'unpriced' : 'reported',
    price_version: null,
    price_lines: null,
    raw_usage: null,
    provider_request_id: null,
    timestamp,
  }
}

async function start(): Promise<TestServer> {
  server = await startTestServer({
    folder,
    clock: { now: () => NOW },
    environment: { ANTHROPIC_BASE_URL: replay.url, ANTHROPIC_API_KEY: 'sk-ant-test', ANSWERS_AT_ONCE: '1' },
  })
  return server
}

function ask(on: TestServer, body: Readonly<Record<string, unknown>> = {}): Promise<Response> {
  return on.request('/api/chat/stream', { body: { message: 'A question', model: MODEL, ...body } })
}

const askedSince = (count: number) => replay.calls.slice(count).filter(({ body }) => body !== null)

describe('a stop that is reached', () => {
  test('refuses a request with its own code and status, asks no provider and stores nothing', async () => {
    write(stopAt(20 * USD), [{ usd: 20, at: '2026-11-02T08:00:00Z' }])
    const on = await start()
    const before = replay.calls.length

    const answer = await ask(on)

    expect(answer.status).toBe(402)
    expect((await answer.json()).error).toMatchObject({ code: 'budget-exceeded', retryable: false })
    expect(askedSince(before)).toEqual([])
    expect(await (await on.request('/api/conversations')).json()).toEqual([])
  })

  test('lets a model answer that costs nothing', async () => {
    write(stopAt(0), [])

    const answer = await ask(await start(), { model: 'manual/manual' })

    expect((await readRun(answer)).message?.status).toBe('complete')
  })

  test('is not reached by what was spent before the period, in the time zone of the person', async () => {
    // In Berlin it is the 23rd from 23:00 UTC of the 22nd on.
    write(stopAt(2 * USD, 'day'), [
      { usd: 5, at: '2026-11-22T22:59:59Z' },
      { usd: 1.9, at: '2026-11-22T23:00:00Z' },
    ])

    expect((await readRun(await ask(await start()))).message?.status).toBe('complete')
  })

  test('counts what was spent from the first moment of the period on', async () => {
    write(stopAt(2 * USD, 'day'), [{ usd: 2, at: '2026-11-22T23:00:00Z' }])

    expect((await ask(await start())).status).toBe(402)
  })

  test('holds a prompt that a device pushes, and keeps it', async () => {
    write(stopAt(20 * USD), [{ usd: 21, at: '2026-11-02T08:00:00Z' }])
    const on = await start()
    const [device, chat, question, answer] = [newId(), newId(), newId(), newId()]
    const at = [NOW, device]
    const put = (kind: string, id: string, set: Readonly<Record<string, unknown>>) => ({
      op: 'put',
      kind,
      id,
      set: Object.fromEntries(Object.entries({ ...set, created_at: NOW }).map(([name, value]) => [name, [value, at]])),
    })
    const run = { op: 'run.start', id: newId(), conversation_id: chat, user_message_id: question, message_id: answer }
    const muts = [
      put('conversations', chat, { title: 'A chat' }),
      put('messages', question, { conversation_id: chat, parent_id: null, role: 'user', content: 'A question' }),
      { ...run, model: MODEL, created_at: NOW },
    ].map((mutation, index) => ({ ...mutation, n: index + 1, mid: newId(), schema: 1 }))

    const reply = await on.request('/api/sync', {
      body: { v: 1, schema: 1, device, epoch: null, cursor: null, ack_n: 0, muts, limit: 100 },
    })

    const lines = (await reply.text()).trim().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '').results).toEqual([{ n: 3, result: 'budget-exceeded' }])
    const stored = await (await on.request(`/api/conversations/${chat}`)).json()
    expect(stored.messages.map(({ content }: { content: string }) => content)).toEqual(['A question'])
  })

  test('ends a run that waited while the money was spent, with its prompt kept and no call made', async () => {
    write(stopAt(1), [])
    const on = await start()
    const before = replay.calls.length
    const first = await ask(on, { model: `${MODEL};delay=60` })
    const conversation_id = newId()
    const second = await on.request('/api/chat/stream', {
      body: { message: 'Second', model: MODEL, conversation_id, run_id: newId(), parent_id: null },
      headers: { prefer: 'respond-async' },
    })
    const { run_id } = await second.json()

    await readRun(first)
    const ended = await readRun(await on.request(`/api/runs/${run_id}/events`))

    expect(ended.error).toMatchObject({ code: 'budget-exceeded' })
    expect(askedSince(before)).toHaveLength(1)
    const stored = await (await on.request(`/api/conversations/${conversation_id}`)).json()
    expect(stored.messages[0]).toMatchObject({ role: 'user', content: 'Second' })
    expect(stored.messages[1]).toMatchObject({ status: 'error', cost_nanousd: 0 })
  })
})

test('a budget that cannot be read limits nothing', async () => {
  write({ month: 'plenty' }, [{ usd: 100, at: '2026-11-02T08:00:00Z' }])

  expect((await readRun(await ask(await start()))).message?.status).toBe('complete')
})

describe('calls at the same time', () => {
  const PRICED: Model = {
    id: 'openai/priced',
    provider: 'openai',
    name: 'priced',
    context_window: null,
    max_output_tokens: null,
    price: { input: 1, output: 10, cache_read: null, cache_write: null },
    abilities: {},
    source: 'config',
  }
  const call = { userId: OWNER_USER_ID, model: PRICED.id, prompt: ['A question'], maxOutputTokens: 50_000 }

  function serviceFor(budget: Budget) {
    write(budget, [])
    const sqlite = openDatabase(join(folder, 'llm-router.db'))
    return createBudgetService({ sqlite, clock: { now: () => NOW }, listModels: () => [PRICED] })
  }

  test('cannot add up to more than the stop and one answer', () => {
    // Each may come to $0.50.
    const budget = serviceFor(stopAt(1 * USD))

    budget.reserve(call)
    budget.reserve(call)

    expect(() => budget.reserve(call)).toThrow('limit of $1.00')
    expect(budget.refusal(OWNER_USER_ID, PRICED.id)?.code).toBe('budget-exceeded')
  })

  test('give free what they set aside once they have ended, and only once', () => {
    const budget = serviceFor(stopAt(0.4 * USD))
    const free = budget.reserve(call)
    expect(() => budget.reserve(call)).toThrow()

    free()
    free()

    expect(() => budget.reserve(call)).not.toThrow()
    expect(() => budget.reserve(call)).toThrow()
  })

  test('do not begin with a prompt that alone costs more than is left', () => {
    const budget = serviceFor(stopAt(1000))

    expect(() => budget.reserve({ ...call, prompt: ['word '.repeat(5_000)] })).toThrow('limit')
  })

  test('of another person have a budget of their own', () => {
    const budget = serviceFor(stopAt(0.4 * USD))
    budget.reserve(call)

    expect(() => budget.reserve({ ...call, userId: OWNER_USER_ID + 1 })).not.toThrow()
  })
})
