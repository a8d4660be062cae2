import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runCommand } from '../../server/backup/commands.ts'
import { createManualScheduler } from '../client/sync-host/manual-scheduler.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const START = Date.UTC(2026, 10, 23, 4, 5, 6)
const HOUR_MS = 60 * 60 * 1000
const MINUTE_MS = 60 * 1000
const PATIENT = { timeout: 20_000, interval: 20 }

let folder: string
let server: TestServer | null
let time: ReturnType<typeof createManualScheduler>
let now: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  server = null
  time = createManualScheduler()
  now = START
})

afterEach(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const backups = () => join(folder, 'backups')
const made = () => (existsSync(backups()) ? readdirSync(backups()).sort() : [])

async function start(environment: Record<string, string> = {}): Promise<TestServer> {
  server = await startTestServer({ folder, environment, clock: { now: () => now }, scheduler: time.scheduler })
  return server
}

function pass(milliseconds: number): void {
  now += milliseconds
  time.pass(milliseconds)
}

const health = async (at: TestServer) => (await (await at.request('/health')).json()).backup

describe('a running server', () => {
  test('backs itself up soon after the start, then each day, as whole databases without keys', async () => {
    const running = await start({ TLS_PORT: '0' })
    await running.request('/api/push/key')
    await running.request('/api/conversations', { body: { title: 'Kept' } })
    expect(await health(running)).toEqual({ state: 'ok', last_at: null })

    pass(MINUTE_MS)

    await vi.waitFor(() => expect(made()).toEqual(['llm-router-2026-11-23T04-06-06Z.db']), PATIENT)
    const copy = new BetterSqlite3(join(backups(), made()[0] ?? ''), { readonly: true })
    expect(copy.prepare('SELECT title FROM conversations').pluck().all()).toEqual(['Kept'])
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
    copy.close()
    expect(
      readdirSync(folder)
        .filter(name => /tls|push-keys/.test(name))
        .sort(),
    ).toEqual(['push-keys.json', 'tls'])
    const done = { state: 'ok', last_at: START + MINUTE_MS }
    await vi.waitFor(async () => expect(await health(running)).toEqual(done), PATIENT)
  })

  test('makes no second one before it is due, also not after a restart', async () => {
    const first = await start()
    pass(MINUTE_MS)
    await vi.waitFor(async () => expect((await health(first)).last_at).toBe(START + MINUTE_MS), PATIENT)
    await first.stop()
    now += 22 * HOUR_MS
    const second = await start()
    pass(MINUTE_MS)
    await vi.waitFor(async () => expect((await health(second)).last_at).toBe(START + MINUTE_MS), PATIENT)
    expect(made()).toHaveLength(1)

    now += 2 * HOUR_MS
    pass(10 * MINUTE_MS)

    await vi.waitFor(async () => expect((await health(second)).last_at).toBe(now), PATIENT)
    expect(made()).toHaveLength(2)
  })

  test('keeps the newest few, and nothing of its own that is half, but every file of others', async () => {
    mkdirSync(backups())
    const old = ['01', '02', '03'].map(day => `llm-router-2026-11-${day}T00-00-00Z.db`)
    const others = ['holiday.db', 'notes.txt', 'llm-router-2026.db']
    for (const name of [...old, ...others, 'llm-router-2026-11-03T00-00-00Z.db.partial']) {
      writeFileSync(join(backups(), name), '')
    }
    await start({ BACKUP_KEEP: '2' })

    pass(MINUTE_MS)

    const kept = [old[2], 'llm-router-2026-11-23T04-06-06Z.db']
    await vi.waitFor(() => expect(made()).toEqual([...others, ...kept].sort()), PATIENT)
  })

  test('says when it cannot, goes on, and makes it as soon as it can', async () => {
    writeFileSync(backups(), 'in the way')
    const running = await start()

    pass(MINUTE_MS)

    await vi.waitFor(async () => expect(await health(running)).toEqual({ state: 'failing', last_at: null }), PATIENT)
    expect(running.logLines.some(line => line.includes('backup-failed'))).toBe(true)
    expect((await running.request('/health')).status).toBe(200)
    rmSync(backups())
    pass(10 * MINUTE_MS)
    await vi.waitFor(() => expect(made()).toHaveLength(1), PATIENT)
    await vi.waitFor(async () => expect((await health(running)).state).toBe('ok'), PATIENT)
  })

  test('makes none when that is said', async () => {
    const running = await start({ BACKUP_EVERY_HOURS: '0' })

    pass(48 * HOUR_MS)

    expect(await health(running)).toEqual({ state: 'off', last_at: null })
    expect(made()).toEqual([])
  })
})

test('the drill: copied under load, put into an empty folder, nothing that had been acknowledged by then is missing', async () => {
  const running = await start()
  const acknowledged: string[] = []
  let isWriting = true
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let index = 0; isWriting; index++) {
      const title = `Chat ${writer}-${index}`
      const answer = await running.request('/api/conversations', { body: { title } })
      if (answer.status === 201) acknowledged.push(title)
    }
  })
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), PATIENT)
  const before = [...acknowledged]

  pass(MINUTE_MS)

  await vi.waitFor(() => expect(made()).toEqual([expect.stringMatching(/Z\.db$/)]), PATIENT)
  isWriting = false
  await Promise.all(writers)
  const elsewhere = join(folder, 'new-pi')
  const ports = { clock: { now: () => now }, randomBytes, say: () => undefined }
  await runCommand(['restore', join(backups(), made()[0] ?? '')], {
    databasePath: join(elsewhere, 'llm-router.db'),
    folder,
    ...ports,
  })
  const restored = await startTestServer({ folder: elsewhere })
  const sqlite = new BetterSqlite3(restored.databasePath, { readonly: true })
  const titles = new Set(sqlite.prepare('SELECT title FROM conversations').pluck().all())
  sqlite.close()
  expect((await restored.request('/health')).status).toBe(200)
  await restored.stop()
  expect(before.filter(title => !titles.has(title))).toEqual([])
  expect(statSync(join(elsewhere, 'llm-router.db')).size).toBeGreaterThan(0)
})
