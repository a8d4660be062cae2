import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Scheduler } from '#shared/clock.ts'
import { makeId } from '#shared/ids.ts'
import { systemScheduler } from '../../server/system-scheduler.ts'
import { readEvents, readRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startServerProcess } from '../helpers/server-process.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const FAST = 'replay/fixture:openai-samples/chat-plain'
const SLOW = 'replay/fixture:openai-samples/chat-think-tags;delay=15'
/** Not done before it is stopped, however busy the machine is. */
const VERY_SLOW = 'replay/fixture:openai-samples/chat-think-tags;delay=300'
const HOUR_MS = 3_600_000
/** Stands in each thing that is said, and nowhere else in the world. */
const MARK = 'quokka-7f3a-sundial'

let replay: Replay
let server: TestServer
/** What waits for an hour to pass. */
let hourly: (() => void)[]

const scheduler: Scheduler = {
  after: (delayMs, work) => {
    if (delayMs !== HOUR_MS) return systemScheduler.after(delayMs, work)
    hourly.push(work)
    return () => undefined
  },
}

beforeEach(async () => {
  hourly = []
  replay = await startReplay(findRecordings('openai-samples'))
  server = await startTestServer({ scheduler, environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` } })
})

afterEach(async () => {
  await server.close()
  await replay.close()
})

const newId = () => makeId(Date.now(), length => crypto.getRandomValues(new Uint8Array(length)))

const SAID = [
  { role: 'user', content: `${MARK} first` },
  { role: 'assistant', content: `${MARK} second` },
]

function ask(url: string, body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  const asked = { temporary: true, message: `${MARK} third`, messages: SAID, system: `${MARK} system`, model: FAST }
  return fetch(`${url}/api/chat/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...asked, ...body }),
  })
}

const IN_BACKGROUND = { prefer: 'respond-async' }

/** Which of these texts stand in any file of the server's folder, byte by byte. */
function kept(databasePath: string, texts: readonly string[]): string[] {
  const folder = dirname(databasePath)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(file => file.isFile())
  const bytes = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)))
  return texts.filter(text => bytes.some(content => content.includes(text)))
}

async function ledger(url: string) {
  return (await (await fetch(`${url}/api/usage/summary`)).json()).total
}

test('sends what was said before to the provider, and answers like any other chat', async () => {
  const run = await readRun(await ask(server.url))

  expect(run.message?.status).toBe('complete')
  expect(run.text).not.toBe('')
  expect(replay.calls.find(call => call.body !== null)?.body).toMatchObject({
    messages: [{ content: `${MARK} system` }, ...SAID, { role: 'user', content: `${MARK} third` }],
  })
})

test('leaves no byte of what was said in any file of the pi, neither while it is answered nor after, nor in the log', async () => {
  const pieces: string[] = []
  const during: string[] = []
  for await (const { type, data } of readEvents(await ask(server.url, { model: SLOW }))) {
    if (type !== 'token' && type !== 'reasoning') continue
    pieces.push(String(data['text']))
    during.push(...kept(server.databasePath, [MARK]))
  }
  const lines = pieces
    .join('')
    .split('\n')
    .filter(line => line.length > 10)
  const database = new BetterSqlite3(server.databasePath)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.prepare('VACUUM INTO ?').run(join(dirname(server.databasePath), 'backup.db'))
  database.close()
  const leftOver = kept(server.databasePath, [MARK, ...lines])
  const log = server.logLines.filter(line => line.includes(MARK))
  // The same, asked as a chat like any other, is found by the same search.
  await readRun(await ask(server.url, { model: SLOW, temporary: false, messages: null }))

  expect(lines.length).toBeGreaterThan(0)
  expect([during, leftOver, log]).toEqual([[], [], []])
  expect(kept(server.databasePath, [MARK, ...lines])).toEqual([MARK, ...lines])
})

test('is in no list, no search, no export and no feed, and in the ledger once', async () => {
  const { conversationId, messageId } = await readRun(await ask(server.url))

  const search = await (await server.request(`/api/search?q=${MARK}`)).text()
  const exported = await (await server.request('/api/export?format=json')).text()
  const sync = { v: 1, schema: 1, device: newId(), epoch: null, cursor: null, ack_n: 0, muts: [], limit: 500 }
  const feed = await (await server.request('/api/sync', { body: sync })).text()
  const { by_conversation } = await (await server.request('/api/usage/summary')).json()

  expect(await (await server.request('/api/conversations')).json()).toEqual([])
  expect([search, exported, feed].filter(text => text.includes(`${MARK} `))).toEqual([])
  expect(feed).toContain(messageId)
  expect(by_conversation).toMatchObject([{ conversation_id: conversationId, requests: 1 }])
  expect((await ledger(server.url)).tokens_output).toBeGreaterThan(0)
})

test('goes on without its reader, who comes back for the rest and for the end', async () => {
  const runId = newId()
  const first = await readRun(await ask(server.url, { run_id: runId, model: SLOW }), 3)

  const rest = await readRun(
    await server.request(`/api/runs/${runId}/events`, { headers: { 'last-event-id': first.lastId ?? '' } }),
  )
  const later = await readRun(await server.request(`/api/runs/${runId}/events`))

  expect(first.text + first.reasoning).not.toBe(later.text + later.reasoning)
  expect(first.text + rest.text).toBe(later.text)
  expect(later.message).toEqual(rest.message)
  expect(later.message?.content).toBe(later.text)
})

test('asked twice under one id, it is one run; let go, it is not known and not asked again', async () => {
  const runId = newId()
  const [one, two] = await Promise.all([ask(server.url, { run_id: runId }), ask(server.url, { run_id: runId })])
  const runs = await Promise.all([readRun(one), readRun(two)])

  const letGo = await server.request(`/api/runs/${runId}`, { method: 'DELETE' })
  const after = await server.request(`/api/runs/${runId}/events`)
  const again = await ask(server.url, { run_id: runId })

  expect(runs.map(run => run.text)).toEqual([runs[0]?.text, runs[0]?.text])
  expect([letGo.status, after.status, again.status]).toEqual([204, 404, 409])
  expect(replay.calls.filter(call => call.body !== null)).toHaveLength(1)
})

test('let go while it is answered, it stops, and what came is paid for', async () => {
  const { run_id } = await (await ask(server.url, { model: VERY_SLOW }, IN_BACKGROUND)).json()
  const reading = readRun(await server.request(`/api/runs/${run_id}/events`))
  await readRun(await server.request(`/api/runs/${run_id}/events`), 5)

  const letGo = await server.request(`/api/runs/${run_id}`, { method: 'DELETE' })
  const seen = await reading

  expect(letGo.status).toBe(204)
  expect(seen.message?.status).toBe('cancelled')
  await expect.poll(async () => (await server.request(`/api/runs/${run_id}`)).status).toBe(404)
  expect(await ledger(server.url)).toMatchObject({ requests: 1 })
})

test('an answer that nobody fetches is let go after an hour', async () => {
  const { runId } = await readRun(await ask(server.url))
  expect((await server.request(`/api/runs/${runId}`)).status).toBe(200)

  for (const pass of hourly) pass()

  expect((await server.request(`/api/runs/${runId}`)).status).toBe(404)
})

test('of a pi that is killed meanwhile, nothing is left but one call in the ledger, counted by an estimate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-temporary-'))
  const environment = { DATABASE_PATH: join(folder, 'llm-router.db'), COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` }
  const first = await startServerProcess(environment)
  const run = await readRun(await ask(first.url, { model: SLOW }), 8)
  await first.kill()

  const next = await startServerProcess(environment)
  const status = (await fetch(`${next.url}/api/runs/${run.runId}/events`)).status
  const total = await ledger(next.url)
  await next.stop()
  const leftOver = kept(environment.DATABASE_PATH, [MARK])
  rmSync(folder, { recursive: true, force: true })

  expect(status).toBe(404)
  expect(total).toMatchObject({ requests: 1 })
  expect(total.tokens_input).toBeGreaterThan(0)
  expect(leftOver).toEqual([])
})
