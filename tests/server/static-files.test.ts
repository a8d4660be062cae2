import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { rawHead, rawRequest } from '../helpers/raw-request.ts'
import { wrongHeaders } from '../helpers/security-headers.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const PAGE = '<!doctype html><title>LLM Router</title>'
const SCRIPT = `export const words = '${'many words '.repeat(200)}'`
const BUILT_COPY = brotliCompressSync(`${SCRIPT} // packed by the build`)
const TRAVERSALS = fileURLToPath(new URL('../../../shared/fixtures/security/traversal/patt', import.meta.url))

let folder: string
let server: TestServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llm-router-client-'))
  const dist = join(folder, 'dist')
  mkdirSync(join(dist, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'root:x:0:0')
  writeFileSync(join(dist, 'index.html'), PAGE)
  writeFileSync(join(dist, 'sw.js'), 'self.skipWaiting()')
  writeFileSync(join(dist, '.env'), 'OPENAI_API_KEY=secret')
  writeFileSync(join(dist, 'manifest.webmanifest'), '{}')
  writeFileSync(join(dist, 'unknown.bin'), 'x')
  writeFileSync(join(dist, 'assets', 'main-abc123.js'), SCRIPT)
  writeFileSync(join(dist, 'assets', 'font-abc123.woff2'), 'font')
  writeFileSync(join(dist, 'assets', 'built-abc123.js'), SCRIPT)
  writeFileSync(join(dist, 'assets', 'built-abc123.js.br'), BUILT_COPY)
  symlinkSync(join(folder, 'secret.txt'), join(dist, 'link.txt'))
  server = await startTestServer({ client: staticFiles(dist) })
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** `fetch` unpacks what it asked to be packed; this does not ask, and sees the bytes as they came. */
async function get(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  const lines = Object.entries({ Host: new URL(server.url).host, ...headers })
  return rawRequest(server.url, rawHead(`${method} ${path} HTTP/1.1`, lines))
}

describe('a file of the client', () => {
  test.each([
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
    ['/unknown.bin', 'application/octet-stream', 'no-cache'],
    ['/assets/main-abc123.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/font-abc123.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
  ])('%s has its type, its lifetime and the security headers', async (path, type, lifetime) => {
    const answer = await get(path)

    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('cache-control')).toBe(lifetime)
    expect(answer.headers.get('vary')).toBe('Accept-Encoding')
    expect(wrongHeaders(answer.headers)).toEqual([])
  })

  test('is not sent again to whoever has it', async () => {
    const tag = (await get('/index.html')).headers.get('etag') ?? ''

    for (const held of [tag, tag.replace('W/', ''), `"other", ${tag}`]) {
      const answer = await get('/index.html', { 'If-None-Match': held })
      expect([answer.status, answer.body, answer.headers.get('etag')], held).toEqual([304, '', tag])
      expect(wrongHeaders(answer.headers), held).toEqual([])
    }
    expect((await get('/index.html', { 'If-None-Match': '"other"' })).status).toBe(200)
  })

  test.each([
    ['br', true],
    ['gzip, deflate, br, zstd', true],
    ['br;q=0.5', true],
    ['gzip', false],
    ['br;q=0', false],
    ['br;q=0.0, gzip', false],
    ['*;q=0', false],
    ['brotli', false],
  ])('is packed for a reader that takes “%s”: %s', async (encoding, isPacked) => {
    const answer = await get('/assets/main-abc123.js', { 'Accept-Encoding': encoding })
    const bytes = Buffer.from(answer.body, 'latin1')

    expect(answer.headers.get('content-encoding')).toBe(isPacked ? 'br' : undefined)
    expect((isPacked ? brotliDecompressSync(bytes) : bytes).toString()).toBe(SCRIPT)
    expect(answer.headers.get('etag')).toBe((await get('/assets/main-abc123.js')).headers.get('etag'))
  })

  test('that the build has packed is given as the build packed it, and the copy has no address of its own', async () => {
    const answer = await get('/assets/built-abc123.js', { 'Accept-Encoding': 'br' })

    expect(Buffer.from(answer.body, 'latin1')).toEqual(BUILT_COPY)
    expect((await get('/assets/built-abc123.js')).body).toBe(SCRIPT)
    expect((await get('/assets/built-abc123.js.br')).status).toBe(404)
  })

  test('that is packed already is not packed again', async () => {
    expect((await get('/assets/font-abc123.woff2', { 'Accept-Encoding': 'br' })).headers.has('content-encoding')).toBe(
      false,
    )
  })

  test('can be asked for without its bytes', async () => {
    const answer = await get('/index.html', {}, 'HEAD')

    expect([answer.status, answer.body, answer.headers.get('content-type')]).toEqual([
      200,
      '',
      'text/html; charset=utf-8',
    ])
  })
})

describe('an address of the app', () => {
  test.each(['/', '/c/01a20000-0000-7000-8000-00000000000a', '/settings', '/help/keys', '/x?y=z.js'])(
    '%s is the page',
    async path => {
      const answer = await get(path)

      expect([answer.status, answer.body]).toEqual([200, PAGE])
    },
  )

  test.each([
    '/nothing.js',
    '/assets/main-old.js',
    '/.env',
    '/.git/config',
    '/link.txt',
    '/secret.txt',
    '/favicon.ico',
  ])('%s is nothing', async path => {
    const answer = await get(path)

    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([404, 'not-found'])
    expect(wrongHeaders(answer.headers)).toEqual([])
  })

  test('takes no other method', async () => {
    const answer = await server.request('/settings', { body: {} })

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('does not stand in for a call that is not there', async () => {
    for (const path of ['/api', '/api/nothing', '/api/conversations/x', '/apisomething'])
      expect((await get(path)).status, path).toBe(404)
  })
})

test('no way of writing a path leads out of the folder', async () => {
  const few = [
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '..%5csecret.txt',
    '....//secret.txt',
    '/etc/passwd',
    '%00',
    '..%c0%afsecret.txt',
  ]
  const many = existsSync(TRAVERSALS)
    ? ['deep_traversal.txt', 'directory_traversal.txt'].flatMap(name =>
        readFileSync(join(TRAVERSALS, name), 'utf8').split('\n'),
      )
    : []
  const tried = [...new Set([...few, ...many.map(path => path.replaceAll('{FILE}', 'secret.txt').trim())])].filter(
    path => path !== '',
  )

  for (const path of tried) {
    const target = path.replaceAll(/[^!-~]/g, encodeURIComponent)
    const answer = await get(target.startsWith('/') ? target : `/${target}`)
    expect([200, 400, 403, 404], path).toContain(answer.status)
    expect(answer.body.includes('root:') || answer.body.includes('OPENAI_API_KEY'), path).toBe(false)
    if (answer.status === 200) expect([PAGE, SCRIPT], path).toContain(answer.body)
  }
})
