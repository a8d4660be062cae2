import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentHash } from '../helpers/content-hash.ts'
import { rawHead, rawRequest } from '../helpers/raw-request.ts'
import { readRun } from '../helpers/read-run.ts'
import { wrongHeaders } from '../helpers/security-headers.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { HOSTILE_CASES, KNOWN } from './hostile-cases.ts'

const FIXTURES = fileURLToPath(new URL('../../../shared/fixtures/security', import.meta.url))
const JSON_SUITE = `${FIXTURES}/json/JSONTestSuite/test_parsing`
const NAUGHTY_FILE = `${FIXTURES}/strings/blns.json`

/** What stands in for the collections where they are not at hand. */
const FEW_BAD_DOCUMENTS = ['[1,]', '{"a":1,}', '[-01]', '["\t"]', '[\u00a0]', '{a:1}', '[1e]', '"\\u00A"', '﻿'].map(
  text => [text, Buffer.from(text)] as const,
)
const FEW_NAUGHTY_STRINGS = [
  'undefined',
  '1;DROP TABLE messages',
  '̡͓̞ͅI̗̘',
  '👩‍👩‍👧',
  '\u202etest',
  '<script>alert(0)</script>',
  '" OR ""="',
  '社會科學院',
]

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ environment: { ANSWERS_AT_ONCE: '4' } })
  await storeKnownRecords()
})

afterAll(async () => {
  await server.close()
})

async function storeKnownRecords(): Promise<void> {
  for (const id of [KNOWN.conversation, KNOWN.otherConversation, KNOWN.trashed]) {
    expect((await server.request('/api/conversations', { body: { id, title: 'Known' } })).status).toBe(201)
  }
  expect((await server.request(`/api/conversations/${KNOWN.trashed}`, { method: 'DELETE' })).status).toBe(204)
  const ask = { model: 'manual/manual', message: 'Where is my data?' }
  const answers = await Promise.all([
    server.request('/api/chat/stream', {
      body: {
        ...ask,
        conversation_id: KNOWN.conversation,
        run_id: KNOWN.run,
        user_message_id: KNOWN.prompt,
        message_id: KNOWN.answer,
      },
    }),
    server.request('/api/chat/stream', {
      body: { ...ask, conversation_id: KNOWN.otherConversation, user_message_id: KNOWN.otherPrompt },
    }),
  ])
  for (const answer of answers) expect((await readRun(answer)).error).toBeNull()
}

/** A refusal: the right status and code, a sentence, the security headers. */
function expectRefusal(
  answer: { status: number; headers: { get(name: string): string | null | undefined } },
  body: string,
  status: number,
) {
  expect({ status: answer.status, wrongHeaders: wrongHeaders(answer.headers) }, body).toEqual({
    status,
    wrongHeaders: [],
  })
  const { error } = JSON.parse(body)
  expect(error.message).toMatch(/^\S.{10,}\.$/s)
  expect(error.message).not.toMatch(/undefined|\[object|SQLITE|Invalid|Expected/)
  expect(error.retryable).toBeTypeOf('boolean')
  return error
}

describe('a hostile request', () => {
  test.each(HOSTILE_CASES)('$name', async ({ method, path, body, headers, status, code, field }) => {
    const before = contentHash(server.databasePath)

    const answer = await server.request(path, {
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers: { ...headers } }),
    })

    const error = expectRefusal(answer, await answer.text(), status)
    expect({ code: error.code, field: error.field }).toEqual({ code, field })
    expect(answer.headers.has('retry-after')).toBe(status === 503)
    expect(answer.headers.has('allow')).toBe(status === 405)
    expect(contentHash(server.databasePath)).toBe(before)
  })

  test('is one of more than ninety, and no two are the same', () => {
    const requests = HOSTILE_CASES.map(({ name, ...request }) => JSON.stringify(request))

    expect(new Set(requests).size).toBe(requests.length)
    expect(requests.length).toBeGreaterThan(90)
  })

  test('touches every route of the API', () => {
    const untouched = server.routes.filter(
      ({ path }) =>
        !HOSTILE_CASES.some(hostile =>
          new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(hostile.path.split('?')[0] ?? ''),
        ),
    )

    expect(untouched).toEqual([])
  })
})

describe('a hostile body', () => {
  const own = () => new URL(server.url).host
  const post = (headers: readonly (readonly [string, string])[], ...body: readonly (string | Uint8Array)[]) =>
    rawRequest(server.url, rawHead('POST /api/conversations HTTP/1.1', [['Host', own()], ...headers]), ...body)
  const JSON_TYPE = ['Content-Type', 'application/json'] as const

  test('of more than 256 KiB is refused without its length being known', async () => {
    const before = contentHash(server.databasePath)
    const piece = `10000\r\n${' '.repeat(0x10000)}\r\n`

    const answer = await post(
      [JSON_TYPE, ['Transfer-Encoding', 'chunked']],
      piece,
      piece,
      piece,
      piece,
      piece,
      '0\r\n\r\n',
    )

    expect(expectRefusal(answer, answer.body, 413).code).toBe('too-large')
    expect(contentHash(server.databasePath)).toBe(before)
  })

  test('that was refused leaves the connection to the next request', async () => {
    const request = (path: string, body: string) =>
      `POST ${path} HTTP/1.1\r\nHost: ${own()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

    const answer = await rawRequest(
      server.url,
      request('/api/conversations', ' '.repeat(300_000)),
      request('/api/nothing', '{}'),
      rawHead('GET /api/usage/models HTTP/1.1', [['Host', own()]]),
    )

    expect(answer.status).toBe(413)
    expect(answer.body.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200'])
  })

  test('that says it is of 2 GB is refused before it is read', async () => {
    const answer = await post([JSON_TYPE, ['Content-Length', '2000000000']], '{')

    expect(expectRefusal(answer, answer.body, 413).code).toBe('too-large')
  })

  test('of exactly 256 KiB is read', async () => {
    const body = '{"titel":1}'.padEnd(256 * 1024, ' ')

    const answer = await post([JSON_TYPE, ['Content-Length', String(body.length)]], body)

    expect(expectRefusal(answer, answer.body, 400).field).toBe('titel')
  })

  test.each([
    ['with its length', [['Content-Length', '2']], '{}'],
    ['in chunks', [['Transfer-Encoding', 'chunked']], '2\r\n{}\r\n0\r\n\r\n'],
  ] as const)('without a type is refused, %s', async (_, headers, body) => {
    const before = contentHash(server.databasePath)

    const answer = await post(headers, body)

    expect(expectRefusal(answer, answer.body, 415).field).toBe('content-type')
    expect(contentHash(server.databasePath)).toBe(before)
  })

  test('that is not UTF-8 is refused instead of repaired', async () => {
    const before = contentHash(server.databasePath)
    const body = Buffer.from('{"title":"caf\xe9"}', 'latin1')

    const answer = await post([JSON_TYPE, ['Content-Length', String(body.length)]], body)

    expect(expectRefusal(answer, answer.body, 400).code).toBe('bad-json')
    expect(contentHash(server.databasePath)).toBe(before)
  })

  test('with both a length and chunks never reaches the application', async () => {
    const before = contentHash(server.databasePath)

    const answer = await post(
      [JSON_TYPE, ['Content-Length', '2'], ['Transfer-Encoding', 'chunked']],
      '2\r\n{}\r\n0\r\n\r\n',
    )

    expect(answer.status).toBe(400)
    expect(contentHash(server.databasePath)).toBe(before)
  })

  test('behind headers of 20 kB never reaches the application', async () => {
    expect((await post([JSON_TYPE, ['X-Padding', 'x'.repeat(20_000)], ['Content-Length', '2']], '{}')).status).toBe(431)
  })

  test.each(documents('n_', FEW_BAD_DOCUMENTS))('is no JSON: %s', async (_, bytes) => {
    const before = contentHash(server.databasePath)

    const answer = await post([JSON_TYPE, ['Content-Length', String(bytes.length)]], bytes)

    expect(expectRefusal(answer, answer.body, 400).code).toBe('bad-json')
    expect(contentHash(server.databasePath)).toBe(before)
  })

  test.each(documents('y_', [['[1]', Buffer.from('[1]')]]))(
    'is JSON, but not a conversation: %s',
    async (name, bytes) => {
      const answer = await post([JSON_TYPE, ['Content-Length', String(bytes.length)]], bytes)

      if (name === 'y_object_empty.json') expect(answer.status).toBe(201)
      else expect(expectRefusal(answer, answer.body, 400).code).toBe('bad-request')
    },
  )
})

describe('naughty strings', () => {
  const strings: readonly string[] = existsSync(NAUGHTY_FILE)
    ? JSON.parse(readFileSync(NAUGHTY_FILE, 'utf8'))
    : FEW_NAUGHTY_STRINGS

  test('as a title are kept exactly, or refused by name', async () => {
    for (const title of strings) {
      const answer = await server.request('/api/conversations', { body: { title } })
      const body = await answer.text()

      if (title === '' || title.length > 300 || title.includes('\0') || !title.isWellFormed()) {
        expect(expectRefusal(answer, body, 400).field).toBe('title')
        continue
      }
      const created = JSON.parse(body)
      expect(created.title).toBe(title)
      const stored = await (await server.request(`/api/conversations/${created.id}`)).json()
      expect(stored.title).toBe(title)
    }
  })

  test('as a prompt are kept exactly', async () => {
    const { id } = await (await server.request('/api/conversations', { body: {} })).json()
    const prompts = strings.filter((text, index) => text !== '' && index % (strings.length > 100 ? 5 : 1) === 0)

    for (const message of prompts) {
      const body = { model: 'manual/manual', conversation_id: id, parent_id: null, message }
      const answer = await server.request('/api/chat/stream', { body, headers: { prefer: 'respond-async' } })
      const { run_id } = await answer.json()
      expect(answer.status, message).toBe(202)
      expect((await server.request(`/api/runs/${run_id}/cancel`, { method: 'POST' })).status).toBe(200)
    }

    const { messages } = await (await server.request(`/api/conversations/${id}`)).json()
    const kept = messages.filter((message: { role: string }) => message.role === 'user')
    expect(kept.map((message: { content: string }) => message.content)).toEqual(prompts)
  })

  test('as a search are understood, or refused by name', async () => {
    for (const text of strings) {
      const answer = await server.request(`/api/search?q=${encodeURIComponent(text.toWellFormed())}`)
      const body = await answer.text()

      if (text === '' || text.length > 500) expect(expectRefusal(answer, body, 400).field).toBe('q')
      else
        expect({ status: answer.status, isList: Array.isArray(JSON.parse(body)) }, text).toEqual({
          status: 200,
          isList: true,
        })
    }
  })
})

test('the server still answers after all of it, and has nothing to confess', async () => {
  const health = await server.request('/health')

  expect(health.status).toBe(200)
  expect(server.logLines.filter(line => line.includes('request-failed'))).toEqual([])
  expect((await server.request(`/api/conversations/${KNOWN.conversation}`)).status).toBe(200)
})

function documents(kind: string, few: readonly (readonly [string, Buffer])[]): readonly (readonly [string, Buffer])[] {
  if (!existsSync(JSON_SUITE)) return few
  const names = readdirSync(JSON_SUITE).filter(name => name.startsWith(kind))
  return names.map(name => [name, readFileSync(`${JSON_SUITE}/${name}`)] as const)
}
