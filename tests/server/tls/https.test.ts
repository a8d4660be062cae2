import { once } from 'node:events'
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { connect as connectTls, type SecureVersion } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createManualScheduler } from '../../client/sync-host/manual-scheduler.ts'
import { fakeSurroundings } from '../../helpers/authority.ts'
import { h2Request, openH2 } from '../../helpers/h2-request.ts'
import { rawRequest } from '../../helpers/raw-request.ts'
import { wrongHeaders } from '../../helpers/security-headers.ts'
import { startTestServer, type TestServer } from '../../helpers/test-server.ts'

const STREAMS = 100
const PATIENT = { timeout: 20_000, interval: 20 }
const FIVE_MINUTES_MS = 5 * 60 * 1000

let machine: ReturnType<typeof fakeSurroundings>
let time: ReturnType<typeof createManualScheduler>
let server: TestServer
let authority: string
let line: ClientHttp2Session

beforeEach(async () => {
  machine = fakeSurroundings()
  time = createManualScheduler()
  const environment = { TLS_PORT: '0', ALLOWED_HOSTS: 'private', BACKUP_EVERY_HOURS: '0' }
  server = await startTestServer({ environment, surroundings: machine, scheduler: time.scheduler })
  authority = await (await server.request('/ca.crt')).text()
  line = openH2(server.secureUrl, authority)
})

afterEach(async () => {
  line.destroy()
  await server.close()
})

const health = () => h2Request(line, { method: 'GET', path: '/health', headers: [] })

/** A live stream whose first event has come. */
async function listen(session = line): Promise<ClientHttp2Stream> {
  const stream = session.request({ ':path': '/api/live' })
  stream.on('error', () => stream.destroy())
  stream.setEncoding('utf8')
  await once(stream, 'data')
  return stream
}

/** Makes the server say something to everybody who listens. */
async function poke(): Promise<void> {
  expect((await server.request('/api/conversations', { body: {} })).status).toBe(201)
  time.pass(50)
}

describe('HTTP/2', () => {
  test(`carries ${STREAMS} event streams on one line, and a call beside them does not wait`, async () => {
    const streams = await Promise.all(Array.from({ length: STREAMS }, () => listen()))
    const heard = Promise.all(streams.map(stream => once(stream, 'data')))

    const startedAt = performance.now()
    const answer = await health()
    const tookMs = performance.now() - startedAt
    await poke()

    expect(answer.status).toBe(200)
    expect(wrongHeaders(answer.headers)).toEqual([])
    expect(tookMs).toBeLessThan(1000)
    expect((await heard).flat().filter(text => String(text).includes('event: poke'))).toHaveLength(STREAMS)
  })

  test('offers 256 streams on a line', async () => {
    await health()

    expect(line.remoteSettings.maxConcurrentStreams).toBe(256)
  })

  test('lets go of every listener whose stream is reset or whose line breaks', async () => {
    const other = openH2(server.secureUrl, authority)
    const streams = await Promise.all(Array.from({ length: STREAMS }, () => listen()))
    await Promise.all(Array.from({ length: STREAMS }, () => listen(other)))
    expect(server.listeners()).toBe(2 * STREAMS)

    for (const stream of streams) stream.close()
    other.destroy()

    await vi.waitFor(() => expect(server.listeners()).toBe(0), PATIENT)
    expect((await health()).status).toBe(200)
  })

  test('survives a flood of streams that are opened and reset at once', async () => {
    for (let round = 0; round < 20; round++) {
      const flood = openH2(server.secureUrl, authority)
      for (let index = 0; index < 200; index++) {
        const stream = flood.request({ ':path': '/api/live' })
        stream.on('error', () => stream.destroy())
        stream.close(8)
      }
      await setTimeout(5)
      flood.destroy()
    }

    await vi.waitFor(() => expect(server.listeners()).toBe(0), PATIENT)
    expect((await health()).status).toBe(200)
  })
})

describe('TLS', () => {
  const shake = async (minVersion: SecureVersion, maxVersion: SecureVersion, ALPNProtocols: string[] = []) => {
    const socket = connectTls({
      port: Number(new URL(server.secureUrl).port),
      host: '127.0.0.1',
      ca: authority,
      minVersion,
      maxVersion,
      ALPNProtocols,
      // An old version is refused by the client itself unless it is told to be that weak.
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    const isOpen = await new Promise<boolean>(resolve => {
      socket.on('secureConnect', () => resolve(true))
      socket.on('error', () => resolve(false))
    })
    const protocol = isOpen ? [socket.getProtocol(), socket.alpnProtocol] : null
    socket.destroy()
    return protocol
  }

  test('is of version 1.2 or 1.3, and of no other', async () => {
    expect(await shake('TLSv1.3', 'TLSv1.3', ['h2', 'http/1.1'])).toEqual(['TLSv1.3', 'h2'])
    expect(await shake('TLSv1.2', 'TLSv1.2', ['http/1.1'])).toEqual(['TLSv1.2', 'http/1.1'])
    expect(await shake('TLSv1', 'TLSv1.1')).toBeNull()
  })

  test('takes up a new certificate without a line being dropped', async () => {
    const before = await listen()
    machine.addresses.push('10.9.8.7')

    time.pass(FIVE_MINUTES_MS)

    const heard = once(before, 'data')
    await poke()
    expect(String(await heard)).toContain('event: poke')
    const socket = connectTls({
      port: Number(new URL(server.secureUrl).port),
      host: '127.0.0.1',
      ca: authority,
    })
    await once(socket, 'secureConnect')
    expect(socket.getPeerCertificate().subjectaltname).toContain('IP Address:10.9.8.7')
    socket.destroy()
  })
})

describe('what is no request at all', () => {
  test.each([
    ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['bytes that are no HTTP', 'nonsense\r\n\r\n', 400],
    ['a head without an end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s is refused with the headers of every answer', async (_, bytes, status) => {
    const answer = await rawRequest(server.url, bytes)

    expect(answer.status).toBe(status)
    expect(wrongHeaders(answer.headers)).toEqual([])
  })

  test('plain bytes on the port for HTTPS do no harm', async () => {
    const socket = connect(Number(new URL(server.secureUrl).port), '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')

    expect((await health()).status).toBe(200)
  })
})

describe('the way to HTTPS', () => {
  const BROWSER = { accept: 'text/html,*/*' }
  const open = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(
      server.url,
      `GET ${path} HTTP/1.1\r\n${Object.entries({ host: '192.168.7.5:8000', connection: 'close', ...headers })
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    )

  test('is offered to a browser of another device, once', async () => {
    const first = await open('/', BROWSER)
    const skipped = await open('/https/skip', BROWSER)
    const cookie = skipped.headers.get('set-cookie')?.split(';')[0] ?? ''
    const second = await open('/', { ...BROWSER, cookie })

    expect([first.status, first.headers.get('location')]).toEqual([302, '/https'])
    expect([skipped.status, skipped.headers.get('location')]).toEqual([303, '/'])
    expect(second.status).toBe(404)
  })

  test.each([
    ['this machine', { ...BROWSER, host: 'localhost:8000' }],
    ['a script', { accept: '*/*' }],
    ['a browser that came by the HTTPS of a front-end', { ...BROWSER, 'x-forwarded-proto': 'https' }],
  ])('is not offered to %s', async (_, headers) => {
    // Only the API runs here, so there is no page to fall through to.
    expect((await open('/', headers)).status).toBe(404)
  })

  test.each([
    [
      'iPhone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X)',
      '/ca.mobileconfig',
      'Certificate Trust Settings',
    ],
    ['Android', 'Mozilla/5.0 (Linux; Android 16; Pixel 9)', '/ca.crt', 'Install anyway'],
    ['Windows', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', '/ca.crt', '-addstore Root'],
    ['Mac', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', '/ca.crt', 'add-trusted-cert'],
    ['Linux', 'Mozilla/5.0 (X11; Linux x86_64)', '/ca.crt', 'libnss3-tools'],
    [
      'Firefox',
      'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
      '/ca.crt',
      'Authorities, Import',
    ],
  ])('is told in the words of the visitor’s system alone: %s', async (_, agent, download, words) => {
    const { body, headers } = await open('/https', { ...BROWSER, 'user-agent': agent })

    expect(body).toContain(words)
    expect(body).toContain(`href="${download}" download`)
    expect(body.match(/<ol>/g)).toHaveLength(1)
    const port = new URL(server.secureUrl).port
    expect(headers.get('content-security-policy')).toContain(`connect-src 'self' https://192.168.7.5:${port};`)
    expect(wrongHeaders({ get: name => (name === 'content-security-policy' ? null : headers.get(name)) })).toEqual([
      'content-security-policy',
    ])
  })

  test('leads to a name that the certificate is for from then on, whichever the visitor came by', async () => {
    const { body } = await open('/https', { ...BROWSER, host: '10.77.0.3:8000' })

    expect(body).toContain('data-secure-origin="https://10.77.0.3:')
    const socket = connectTls({ port: Number(new URL(server.secureUrl).port), host: '127.0.0.1', ca: authority })
    await once(socket, 'secureConnect')
    expect(socket.getPeerCertificate().subjectaltname).toContain('IP Address:10.77.0.3')
    socket.destroy()
  })

  test('gives the authority as a certificate and as a profile, and never its key', async () => {
    const [crt, profile] = await Promise.all([open('/ca.crt'), open('/ca.mobileconfig')])

    expect(crt.headers.get('content-type')).toBe('application/x-x509-ca-cert')
    expect(crt.headers.get('content-disposition')).toBe('attachment; filename="llm-router.crt"')
    expect(profile.headers.get('content-type')).toBe('application/x-apple-aspen-config')
    const [, data = ''] = /<data>([^<]+)<\/data>/.exec(profile.body) ?? []
    expect(crt.body.replaceAll('\n', '')).toContain(data)
    expect(`${crt.body}${profile.body}`).not.toContain('PRIVATE KEY')
  })
})
