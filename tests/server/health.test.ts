import BetterSqlite3 from 'better-sqlite3'
import { Hono } from 'hono'
import { afterEach, describe, expect, test } from 'vitest'
import { readRun } from '../helpers/read-run.ts'
import { wrongHeaders } from '../helpers/security-headers.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

let server: TestServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('health', () => {
  test('says version, database and which providers can be asked', async () => {
    server = await startTestServer({
      environment: { ANTHROPIC_API_KEY: 'sk-ant-canary-0123456789', COMPATIBLE_HOME_BASE_URL: 'http://127.0.0.1:9/v1' },
    })

    const answer = await server.request('/health')

    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      status: 'ok',
      version: '0.0.0-test',
      database: 'ok',
      providers: {
        openai: 'missing',
        anthropic: 'configured',
        ollama: 'configured',
        home: 'configured',
        manual: 'configured',
      },
      backup: { state: 'ok', last_at: null },
    })
  })

  test('counts an Ollama that nobody named only once it has answered', async () => {
    server = await startTestServer({ environment: { OLLAMA_BASE_URL: '' } })

    expect((await (await server.request('/health')).json()).providers.ollama).toBe('missing')
  })

  test('is 503 in JSON when the database is not what it was', async () => {
    server = await startTestServer()
    const intruder = new BetterSqlite3(server.databasePath)
    intruder.exec('DROP TABLE meta')
    intruder.close()

    const answer = await server.request('/health')

    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ status: 'failing', database: 'silent', version: '0.0.0-test' })
    expect(wrongHeaders(answer.headers)).toEqual([])
    expect(server.logLines.some(line => line.includes('database-silent'))).toBe(true)
  })
})

describe('the security headers are on', () => {
  test.each([
    ['an answer', '/health', {}, 200],
    ['a list', '/api/conversations', {}, 200],
    ['a refusal by the guard', '/health', { headers: { origin: 'https://evil.example' } }, 403],
    ['a refusal of a type', '/api/conversations', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
    ['a wrong field', '/api/search', {}, 400],
    ['an address that is not there', '/api/nothing', {}, 404],
    ['a wrong method', '/health', { method: 'DELETE' }, 405],
    ['an empty answer', '/api/conversations', { method: 'HEAD' }, 200],
  ] as const)('%s', async (_, path, request, status) => {
    server = await startTestServer()

    const answer = await server.request(path, {
      ...request,
      ...('headers' in request ? { headers: { ...request.headers } } : {}),
    })

    expect({ status: answer.status, wrong: wrongHeaders(answer.headers) }).toEqual({ status, wrong: [] })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('a stream, which no proxy is to hold back', async () => {
    server = await startTestServer()

    const answer = await server.request('/api/chat/stream', { body: { model: 'manual/manual', message: 'Hello' } })
    await readRun(answer, 1)

    expect({ status: answer.status, wrong: wrongHeaders(answer.headers) }).toEqual({ status: 200, wrong: [] })
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
  })

  test('a mistake of our own, which says nothing of what happened', async () => {
    const client = new Hono().get('*', () => {
      throw new Error('The key is sk-canary-0123456789')
    })
    server = await startTestServer({ client })

    const answer = await server.request('/anything')

    const { error } = await answer.json()
    expect({ status: answer.status, wrong: wrongHeaders(answer.headers), code: error.code }).toEqual({
      status: 500,
      wrong: [],
      code: 'internal',
    })
    expect(error.message).toMatch(/^The pi made a mistake\. Its log has the details under [0-9a-f-]{36}\.$/)
    const [line = ''] = server.logLines.filter(one => one.includes('request-failed'))
    expect(line).toContain(error.message.match(/[0-9a-f-]{36}/)[0])
    expect(line).not.toContain('canary')
  })
})
