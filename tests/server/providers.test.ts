import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '#shared/errors.ts'
import type { ProviderStanding } from '#shared/wire/providers.ts'
import { createProviderHealth } from '../../server/providers/provider-health.ts'
import { readRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const KEY = 'sk-canary-0123456789'
const ANSWERS = 'fixture:openai-samples/chat-plain'
/** The list is asked for in the background. */
const SOON = { timeout: 20_000 }
const START = Date.UTC(2026, 10, 23)

let now: number
let replay: Replay
let server: TestServer

beforeAll(async () => {
  replay = await startReplay(findRecordings('openai-samples'))
})

afterAll(() => replay.close())

beforeEach(async () => {
  now = START
  server = await startTestServer({
    clock: { now: () => now },
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1`, COMPATIBLE_REPLAY_API_KEY: KEY },
  })
})

afterEach(() => server.close())

async function ask(recording: string): Promise<void> {
  const model = `replay/${recording}`
  await readRun(await server.request('/api/chat/stream', { body: { model, message: 'Hello' } })).catch(() => undefined)
}

async function standing(id = 'replay'): Promise<ProviderStanding> {
  const all: readonly ProviderStanding[] = await (await server.request('/api/providers')).json()
  const found = all.find(provider => provider.id === id)
  if (found === undefined) throw new Error(`${id} is not in the list`)
  return found
}

describe('the list of providers', () => {
  test('names those that have no key, with what to set', async () => {
    expect(await standing('anthropic')).toEqual({
      id: 'anthropic',
      name: 'anthropic',
      state: 'missing',
      key_variable: 'ANTHROPIC_API_KEY',
      last_ok_at: null,
      first_token_ms: null,
      problem: null,
    })
  })

  test('says of one that answers when it did, and how soon its first piece came', async () => {
    await ask(ANSWERS)

    expect(await standing()).toMatchObject({ last_ok_at: START, first_token_ms: 0, problem: null })
  })

  test.each([
    [401, 'provider-key-rejected'],
    [403, 'provider-key-rejected'],
    [402, 'quota-exceeded'],
  ])('says of a refusal with %i what it was, and since when, until an answer comes', async (status, code) => {
    await ask(`${ANSWERS};fail=${status}`)
    now += 60_000
    await ask(`${ANSWERS};fail=${status}`)

    expect((await standing()).problem).toEqual({ code, since: START, last_at: START + 60_000 })
    await ask(ANSWERS)
    expect((await standing()).problem).toBeNull()
  })

  test('does not blame a provider for a prompt that it refuses', async () => {
    await ask('fixture:openai-samples/there-is-no-such-model')

    expect((await standing()).problem).toBeNull()
  })

  test('knows a refused key from the list of models, before anything was asked', async () => {
    await server.close()
    const refusing = `${replay.url}/fixture/openai-samples/chat-plain;fail=401/v1`
    server = await startTestServer({ environment: { COMPATIBLE_REPLAY_BASE_URL: refusing } })

    await expect.poll(async () => (await standing()).problem?.code, SOON).toBe('provider-key-rejected')
  })

  test('takes a list that comes for a sign of life, but not for a key that is good', () => {
    const health = createProviderHealth({ clock: { now: () => START } })
    const fail = (id: string, code: ErrorCode) =>
      health.answered(id, { error: new AppError(code, 'It failed.'), firstTokenMs: null })
    fail('asleep', 'provider-unreachable')
    fail('refusing', 'provider-key-rejected')

    health.listed('asleep', null)
    health.listed('refusing', null)

    expect(health.of('asleep')).toEqual({ last_ok_at: START, first_token_ms: null, problem: null })
    expect(health.of('refusing').problem?.code).toBe('provider-key-rejected')
  })

  test('holds no key', async () => {
    await ask(`${ANSWERS};fail=401`)

    const text = await (await server.request('/api/providers')).text()

    expect(text).toContain('COMPATIBLE_REPLAY_API_KEY')
    expect(text).not.toContain('canary')
  })
})
