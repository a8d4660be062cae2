import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEvents, readRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { type ServerProcess, startServerProcess } from '../helpers/server-process.ts'
import { findRecordings } from '../providers/recordings.ts'

const FULL_RUN = process.env['FULL_RUN'] === '1'
const CRASHES = FULL_RUN ? 500 : 50
const LONGEST_LIFE_MS = 800
const MODEL = 'ollama/fixture:ollama/text;delay=40'

let replay: Replay
let folder: string

beforeAll(async () => {
  replay = await startReplay(findRecordings('ollama'))
  folder = mkdtempSync(join(tmpdir(), 'llm-router-crash-'))
})

afterAll(async () => {
  await replay.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the provider was asked for an answer, in the order it came; lists of models are asked for as well. */
const asked = () => replay.calls.filter(call => call.path === '/api/chat').map(call => JSON.stringify(call.body))

let questions = 0

function start(): Promise<ServerProcess> {
  return startServerProcess({
    DATABASE_PATH: join(folder, 'llm-router.db'),
    OLLAMA_BASE_URL: replay.url,
  })
}

function ask(server: ServerProcess, model: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/chat/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, message: `Question ${++questions}` }),
  })
}

/** Writes one chat after the other until the server is gone; returns the titles that it has acknowledged. */
async function writeUntilGone(server: ServerProcess, life: number): Promise<string[]> {
  const acknowledged: string[] = []
  for (let index = 0; ; index++) {
    const title = `Chat ${life}-${index}`
    const answer = await fetch(`${server.url}/api/conversations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title }),
    }).catch(() => null)
    if (!answer) return acknowledged
    if (answer.status === 201) acknowledged.push(title)
  }
}

test(
  `killed at ${CRASHES} random points while it writes, it loses nothing that it has acknowledged, keeps a prefix of the answer, asks nobody twice and counts each call once`,
  async () => {
    let server = await start()
    const whole = await readRun(await ask(server, MODEL))
    const runs: { run_id: string; conversation_id: string; message_id: string }[] = []
    const acknowledged: string[] = []
    for (let crash = 0; crash < CRASHES; crash++) {
      runs.push(await (await ask(server, MODEL, { prefer: 'respond-async' })).json())
      const writing = writeUntilGone(server, crash)
      await setTimeout(Math.random() * LONGEST_LIFE_MS)
      await server.kill()
      acknowledged.push(...(await writing))
      server = await start()
    }
    const ends = await Promise.all(
      runs.map(async ({ run_id }) => readRun(await fetch(`${server.url}/api/runs/${run_id}/events`))),
    )
    const exitCode = await server.stop()

    expect(exitCode).toBe(0)
    for (const end of ends) {
      expect(end.message?.status === 'complete' || end.error?.code === 'interrupted').toBe(true)
      expect(whole.text.startsWith(end.text)).toBe(true)
      if (end.message) expect(end.text).toBe(whole.text)
    }
    expect(ends.some(end => end.error && end.text !== '')).toBe(true)
    const database = new BetterSqlite3(join(folder, 'llm-router.db'), { readonly: true })
    const rows = database.prepare('SELECT run_id, attempt, outcome FROM usage_logs').all() as { run_id: string }[]
    const titles = new Set(database.prepare('SELECT title FROM conversations').pluck().all())
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(acknowledged.length).toBeGreaterThan(CRASHES)
    expect(acknowledged.filter(title => !titles.has(title))).toEqual([])
    // One ledger row a run; a kill between the journal and the call leaves a row without a call, never a call without a row.
    expect(new Set(rows.map(row => row.run_id)).size).toBe(CRASHES + 1)
    expect(rows).toHaveLength(CRASHES + 1)
    expect(new Set(asked()).size).toBe(asked().length)
    expect(asked().length).toBeGreaterThan(CRASHES / 2)
  },
  FULL_RUN ? 4_000_000 : 400_000,
)

test('a run that was accepted before the kill but not begun is begun after it', async () => {
  const server = await start()
  const before = asked().length
  const slow = await Promise.all(Array.from({ length: 4 }, () => ask(server, `${MODEL}0`, { prefer: 'respond-async' })))
  const waiting = await (await ask(server, MODEL, { prefer: 'respond-async' })).json()
  await server.kill()

  const next = await start()
  const run = await readRun(await fetch(`${next.url}/api/runs/${waiting.run_id}/events`))
  await next.stop()

  expect(slow.every(response => response.status === 202)).toBe(true)
  expect(run.message?.status).toBe('complete')
  expect(asked().length - before).toBeLessThanOrEqual(5)
})

test('asked to stop, it ends running answers as interrupted, with their text, and exits well', async () => {
  const server = await start()
  const run = await (await ask(server, MODEL, { prefer: 'respond-async' })).json()
  for await (const event of readEvents(await fetch(`${server.url}/api/runs/${run.run_id}/events`))) {
    if (event.type === 'token') break
  }

  const exitCode = await server.stop()
  const next = await start()
  const end = await readRun(await fetch(`${next.url}/api/runs/${run.run_id}/events`))
  await next.stop()

  expect(exitCode).toBe(0)
  expect(end.error?.code).toBe('interrupted')
  expect(end.text).not.toBe('')
})
