import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { pushKeySchema, pushMessageSchema } from '#shared/wire/push.ts'
import { isPushEndpoint } from '../../server/push/push-endpoint.ts'
import { type PushServiceDouble, startPushService } from '../helpers/push-service.ts'
import { readRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const SUBSCRIPTIONS = '/api/push/subscriptions'
const QUESTION = 'Where is my data?'
/** A recorded answer, at once. */
const PROMPT = { model: 'replay/fixture:openai-samples/chat-plain', message: QUESTION }

let service: PushServiceDouble
let server: TestServer
let replay: Replay

beforeAll(async () => {
  replay = await startReplay(findRecordings('openai-samples'))
})

afterAll(() => replay.close())

beforeEach(async () => {
  service = await startPushService()
  const environment = { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` }
  server = await startTestServer({ fetch: service.fetch, environment })
})

afterEach(async () => {
  await server.close()
  await service.close()
})

/** A device that wants to be told; returns what its browser says of itself from then on. */
async function subscribe(name: string): Promise<{ readonly cookie: string; readonly endpoint: string }> {
  const body = service.subscribe(name)
  const answer = await server.request(SUBSCRIPTIONS, { body })
  expect(answer.status).toBe(201)
  return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '', endpoint: body.endpoint }
}

/** Asks, and looks at the answer when it is there: nobody follows it as it comes. */
async function ask(): Promise<{ conversation_id: string; text: string }> {
  const begun = await server.request('/api/chat/stream', { body: PROMPT, headers: { prefer: 'respond-async' } })
  const { conversation_id, run_id } = await begun.json()
  await vi.waitFor(async () => {
    expect((await (await server.request(`/api/runs/${run_id}`)).json()).state).toBe('done')
  }, PATIENT)
  const run = await readRun(await server.request(`/api/runs/${run_id}/events`))
  return { conversation_id, text: run.text }
}

async function followToTheEnd(): Promise<void> {
  await readRun(await server.request('/api/chat/stream', { body: PROMPT }))
}

const storedEndpoints = () => {
  const sqlite = new BetterSqlite3(server.databasePath, { readonly: true })
  const endpoints = sqlite.prepare('SELECT endpoint FROM push_subscriptions ORDER BY endpoint').pluck().all()
  sqlite.close()
  return endpoints
}

/** Long enough for a busy machine; it goes on as soon as it can. */
const PATIENT = { timeout: 20_000, interval: 20 }
const arrived = (count: number) => vi.waitFor(() => expect(service.received).toHaveLength(count), PATIENT)

describe('an answer that has come to its end', () => {
  test('is told to a device that is away: where it is, and not a word of it', async () => {
    await subscribe('phone')

    const { conversation_id, text } = await ask()

    await arrived(1)
    const [pushed] = service.received
    expect(v.parse(pushMessageSchema, pushed?.message)).toEqual({
      web_push: 8030,
      notification: {
        title: 'LLM Router',
        body: 'Your answer is ready.',
        navigate: `/c/${conversation_id}`,
        tag: conversation_id,
      },
    })
    expect(text.length).toBeGreaterThan(20)
    expect(JSON.stringify(pushed?.message)).not.toContain(text.slice(0, 20))
    expect(JSON.stringify(pushed?.message)).not.toContain(QUESTION)
  })

  test('is sealed and signed as push services ask, by the key that devices were given', async () => {
    await subscribe('phone')
    const { public_key } = v.parse(pushKeySchema, await (await server.request('/api/push/key')).json())

    await ask()

    await arrived(1)
    const [pushed] = service.received
    expect(pushed?.senderKey).toBe(public_key)
    expect(pushed?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400', urgency: 'high' })
    expect(pushed?.claims).toMatchObject({ aud: 'https://fcm.googleapis.com', sub: 'mailto:nobody@example.org' })
    expect(Number(pushed?.claims.exp) - Date.now() / 1000).toBeLessThanOrEqual(24 * 60 * 60)
  })

  test('is told to nobody when somebody has read it as it came', async () => {
    await subscribe('phone')
    await followToTheEnd()

    const { conversation_id } = await ask()

    await arrived(1)
    expect(service.received[0]?.message).toMatchObject({ notification: { navigate: `/c/${conversation_id}` } })
  })

  test('is told to a device whose page nobody can see, though it listens', async () => {
    const { cookie } = await subscribe('phone')
    const listening = new AbortController()
    const { signal } = listening
    const live = await fetch(`${server.url}/api/live?page=hidden`, { headers: { cookie }, signal })

    await ask()

    await arrived(1)
    listening.abort()
    await live.text().catch(() => undefined)
  })

  test('is not told to a device that somebody looks at, but to the others', async () => {
    const phone = await subscribe('phone')
    await subscribe('desk')
    const listening = new AbortController()
    const live = await fetch(`${server.url}/api/live`, {
      headers: { cookie: phone.cookie },
      signal: listening.signal,
    })

    await ask()
    await arrived(1)
    expect(service.received.map(({ path }) => path)).toEqual(['/fcm/send/desk'])

    listening.abort()
    await live.text().catch(() => undefined)
    await vi.waitFor(async () => {
      await ask()
      expect(service.received.filter(({ path }) => path === '/fcm/send/phone').length).toBeGreaterThan(0)
    }, PATIENT)
  })

  test('is told with the title of its chat when that is the setting', async () => {
    await subscribe('phone')
    const sqlite = new BetterSqlite3(server.databasePath)
    sqlite
      .prepare("INSERT INTO settings (id, user_id, rev, value, created_at) VALUES (?, 1, 1, 'true', ?)")
      .run('push-title', Date.now())
    sqlite.close()

    await ask()

    await arrived(1)
    expect(service.received[0]?.message).toMatchObject({ notification: { title: QUESTION } })
  })

  test.each([404, 410])('is told no more to a device of which the service says %i', async status => {
    await subscribe('phone')
    service.answer(status)

    await ask()

    await vi.waitFor(() => expect(storedEndpoints()).toEqual([]), PATIENT)
  })

  test.each([429, 500])(
    'that the service refuses with %i is whole all the same, and the device stays',
    async status => {
      const { endpoint } = await subscribe('phone')
      service.answer(status)

      const { text } = await ask()

      await vi.waitFor(() => expect(server.logLines.some(line => line.includes('push-refused'))).toBe(true), PATIENT)
      expect(text).not.toBe('')
      expect(storedEndpoints()).toEqual([endpoint])
    },
  )

  test('is whole when no push service can be reached', async () => {
    await subscribe('phone')
    await service.close()

    const { text } = await ask()

    await vi.waitFor(() => expect(server.logLines.some(line => line.includes('push-failed'))).toBe(true), PATIENT)
    expect(text).not.toBe('')
    service = await startPushService()
  })
})

describe('a subscription', () => {
  test('said twice is one, and the browser keeps its name', async () => {
    const body = service.subscribe('phone')
    const first = await server.request(SUBSCRIPTIONS, { body })
    const [cookie = ''] = first.headers.getSetCookie()

    const second = await server.request(SUBSCRIPTIONS, { body, headers: { cookie: cookie.split(';')[0] ?? '' } })

    expect([first.status, second.status]).toEqual([201, 200])
    expect(cookie).toMatch(/^llmr-browser=[0-9a-f-]{36}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(second.headers.getSetCookie()[0]?.split(';')[0]).toBe(cookie.split(';')[0])
    expect(storedEndpoints()).toHaveLength(1)
  })

  test('of a browser takes the place of the one it had', async () => {
    const { cookie } = await subscribe('phone')
    const body = service.subscribe('phone-again')

    expect((await server.request(SUBSCRIPTIONS, { body, headers: { cookie } })).status).toBe(201)

    expect(storedEndpoints()).toEqual([body.endpoint])
  })

  test('that is withdrawn is gone, and withdrawing it again is no error', async () => {
    const { endpoint } = await subscribe('phone')

    for (const _ of [1, 2]) {
      expect((await server.request(SUBSCRIPTIONS, { method: 'DELETE', body: { endpoint } })).status).toBe(204)
    }

    expect(storedEndpoints()).toEqual([])
  })

  test('beyond the hundredth takes the place of the oldest', async () => {
    for (let index = 0; index < 101; index++) await subscribe(`device-${String(index).padStart(3, '0')}`)

    expect(storedEndpoints()).toHaveLength(100)
    expect(storedEndpoints()[0]).toMatch(/device-001$/)
  })

  test.each([
    'http://fcm.googleapis.com/fcm/send/x',
    'https://192.168.1.1/admin',
    'https://localhost/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evil-fcm.googleapis.com/x',
    'https://fcm.googleapis.com:8443/x',
    'https://user@fcm.googleapis.com/x',
    'https://push.apple.com.local/x',
    'https://evil.example/.push.apple.com',
    'file:///etc/passwd',
    'https://169.254.169.254/latest',
  ])('at %s is refused, for the server would call it', async endpoint => {
    const { keys } = service.subscribe('phone')

    const answer = await server.request(SUBSCRIPTIONS, { body: { endpoint, keys } })

    expect(answer.status).toBe(400)
    expect((await answer.json()).error).toMatchObject({ code: 'bad-request', field: 'endpoint' })
    expect(storedEndpoints()).toEqual([])
  })

  test.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
  ])('at %s is one of a browser', endpoint => {
    expect(isPushEndpoint(endpoint)).toBe(true)
  })

  test.each([
    ['p256dh', { p256dh: 'short', auth: 'A'.repeat(22) }, 'keys.p256dh'],
    ['auth', { p256dh: `B${'A'.repeat(86)}`, auth: '' }, 'keys.auth'],
  ])('with a wrong %s is refused by name', async (_, keys, field) => {
    const endpoint = 'https://fcm.googleapis.com/fcm/send/x'

    const answer = await server.request(SUBSCRIPTIONS, { body: { endpoint, keys } })

    expect((await answer.json()).error).toMatchObject({ code: 'bad-request', field })
  })
})

describe('the keys of the server', () => {
  test('are made when they are first asked for, for its owner’s eyes alone, and stay', async () => {
    const path = join(dirname(server.databasePath), 'push-keys.json')
    expect(() => statSync(path)).toThrow('ENOENT')

    const { public_key } = await (await server.request('/api/push/key')).json()

    expect(Buffer.from(public_key, 'base64url')).toHaveLength(65)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const { privateKey } = JSON.parse(readFileSync(path, 'utf8'))
    expect(readFileSync(server.databasePath).includes(privateKey)).toBe(false)
    await server.stop()
    server = await startTestServer({ folder: dirname(server.databasePath), fetch: service.fetch })
    expect((await (await server.request('/api/push/key')).json()).public_key).toBe(public_key)
  })
})
