import { describe, expect, test } from 'vitest'
import type { SyncRequest } from '#shared/wire/sync.ts'
import { createSyncNet } from '../../../client/sync-host/sync-net.ts'

const REQUEST: SyncRequest = { v: 1, schema: 1, device: 'd', epoch: null, cursor: null, ack_n: 0, muts: [], limit: 500 }
const TRAILER = {
  end: 'sync',
  epoch: 'e',
  now: 5,
  ack: [0, ''],
  results: [],
  from: 0,
  next: [3, 'n'],
  head: 3,
  more: false,
} as const
const ROW = ['settings', 'theme', 3, null, 0, { value: 'retro' }, {}] as const
const PAGE = `${JSON.stringify(ROW)}\n${JSON.stringify(TRAILER)}\n`

type Answer = { readonly status?: number; readonly body: string; readonly headers?: Record<string, string> }

function netThatAnswers(answer: () => Answer | Promise<Answer>) {
  const asked: { readonly path: string; readonly method: string | undefined; readonly body: unknown }[] = []
  const net = createSyncNet({
    fetch: async (path, init) => {
      asked.push({ path: String(path), method: init?.method, body: init?.body })
      const { status = 200, body, headers = {} } = await answer()
      init?.signal?.throwIfAborted()
      return new Response(body, { status, headers })
    },
  })
  return { net, asked }
}

const error = (code: string, beside: object = {}) =>
  JSON.stringify({ error: { code, message: 'A sentence.', retryable: false }, ...beside })

describe('an answer of the server', () => {
  test('is a page with its rows', async () => {
    const { net, asked } = netThatAnswers(() => ({ body: PAGE }))

    const outcome = await net.sync(REQUEST, new AbortController().signal)

    expect(outcome).toEqual({ kind: 'page', page: { rows: [ROW], trailer: TRAILER } })
    expect(asked).toEqual([{ path: '/api/sync', method: 'POST', body: JSON.stringify(REQUEST) }])
  })

  const outcomes: readonly (readonly [what: string, answer: Answer, outcome: object])[] = [
    ['a page that was cut between lines', { body: `${JSON.stringify(ROW)}\n` }, { kind: 'broken' }],
    ['a page that was cut inside a line', { body: PAGE.slice(0, -9) }, { kind: 'broken' }],
    ['a captive portal', { body: '<html>Log in to the hotel</html>' }, { kind: 'broken' }],
    ['the error page of a proxy', { status: 502, body: '<html>Bad gateway</html>' }, { kind: 'broken' }],
    ['an error of another server', { status: 500, body: '{"message":"no"}' }, { kind: 'broken' }],
    [
      'a restored backup',
      { status: 409, body: error('fork', { epoch: 'f', policy: 'replace' }) },
      { kind: 'fork', epoch: 'f', policy: 'replace' },
    ],
    ['a fork without its epoch', { status: 409, body: error('fork') }, { kind: 'broken' }],
    ['a gap', { status: 409, body: error('gap') }, { kind: 'gap' }],
    ['a copied device', { status: 409, body: error('device-cloned') }, { kind: 'cloned' }],
    ['a server that is older', { status: 409, body: error('schema-too-new') }, { kind: 'too-new' }],
    ['a server that is much newer', { status: 426, body: error('upgrade-required') }, { kind: 'upgrade' }],
    [
      'a push that is too large',
      { status: 413, body: error('too-large') },
      { kind: 'refused', error: { code: 'too-large', message: 'A sentence.', retryable: false } },
    ],
    [
      'a server that asks for patience',
      { status: 503, body: error('shutting-down'), headers: { 'Retry-After': '7' } },
      { kind: 'busy', retryAfterMs: 7000 },
    ],
    ['a proxy that asks for patience', { status: 429, body: 'slow down' }, { kind: 'busy', retryAfterMs: 0 }],
  ]

  test.each(outcomes)('%s', async (_, answer, outcome) => {
    const { net } = netThatAnswers(() => answer)

    expect(await net.sync(REQUEST, new AbortController().signal)).toEqual(outcome)
  })
})

describe('no answer', () => {
  test('a line that fails is offline', async () => {
    const { net } = netThatAnswers(() => Promise.reject(new TypeError('Failed to fetch')))

    expect(await net.boot(new AbortController().signal)).toEqual({ kind: 'offline' })
  })

  test('a call that is given up is offline', async () => {
    const life = new AbortController()
    const { net } = netThatAnswers(() => {
      life.abort()
      return { body: PAGE }
    })

    expect(await net.sync(REQUEST, life.signal)).toEqual({ kind: 'offline' })
  })
})

test('asks for a short first page of conversations, then for long ones', async () => {
  const { net, asked } = netThatAnswers(() => ({ body: '' }))
  const { signal } = new AbortController()

  await net.conversationRows(null, signal)
  await net.conversationRows('170~a', signal)
  await net.kindRows('usage_logs', '9', signal)
  await net.messageRows(['a', 'b'], ['a', 'm'], signal)

  expect(asked).toEqual([
    { path: '/api/sync/rows/conversations?limit=50', method: 'GET', body: undefined },
    { path: '/api/sync/rows/conversations?limit=1000&before=170%7Ea', method: 'GET', body: undefined },
    { path: '/api/sync/rows/usage_logs?limit=1000&before=9', method: 'GET', body: undefined },
    { path: '/api/sync/rows/messages', method: 'POST', body: '{"conversations":["a","b"],"after":["a","m"]}' },
  ])
})
