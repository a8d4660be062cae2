import type { ClientHttp2Session } from 'node:http2'
import { hostname, networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownHosts } from '../../server/http/own-hosts.ts'
import { contentHash } from '../helpers/content-hash.ts'
import { h2Request, openH2 } from '../helpers/h2-request.ts'
import { type RawAnswer, rawHead, rawRequest } from '../helpers/raw-request.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

type Headers = readonly (readonly [name: string, value: string])[]

const ID = '01a20000-0000-7000-8000-00000000000a'
const JSON_TYPE = ['Content-Type', 'application/json'] as const

describe.each(['HTTP/1.1', 'HTTP/2'] as const)('over %s', protocol => {
  let server: TestServer
  let line: ClientHttp2Session

  beforeAll(async () => {
    server = await startTestServer({ environment: { ALLOWED_HOSTS: 'pi.example', TLS_PORT: '0' } })
    line = openH2(server.secureUrl, await (await server.request('/ca.crt')).text())
    await server.request('/api/conversations', { body: { id: ID, title: 'Known' } })
  })

  afterAll(async () => {
    line.destroy()
    await server.close()
  })

  const port = () => new URL(protocol === 'HTTP/2' ? server.secureUrl : server.url).port
  const own = () => `127.0.0.1:${port()}`

  /** Sends `{}` where the method may have a body; `OWN` in a value stands for the server's own host and port, `PORT` for its port. */
  function ask(route: { method: string; path: string }, headers: Headers, target = route.path): Promise<RawAnswer> {
    const sent = headers.map(([name, value]) => [name, fill(value)] as const)
    const hasBody = route.method !== 'GET' && route.method !== 'HEAD'
    const typed = sent.some(([name]) => name === 'Content-Type')
    const body: Headers = hasBody ? [...(typed ? [] : [JSON_TYPE]), ['Content-Length', '2']] : []
    if (protocol === 'HTTP/2') {
      const request = { method: route.method, path: fill(target), headers: [...sent, ...body] }
      return h2Request(line, hasBody ? { ...request, body: '{}' } : request)
    }
    const head = rawHead(`${route.method} ${fill(target)} HTTP/1.1`, [...sent, ...body])
    return rawRequest(server.url, head, ...(hasBody ? ['{}'] : []))
  }

  function fill(text: string): string {
    return text.replace(':id', ID).replace('OWN', own()).replace('PORT', port())
  }

  const isUnsafe = ({ method }: { method: string }) => method !== 'GET'

  /** Every route must refuse the request, and the database stay as it was. */
  async function expectRefusedEverywhere(
    headers: Headers,
    statuses: readonly number[],
    onlyUnsafe = false,
  ): Promise<void> {
    const before = contentHash(server.databasePath)
    const hasSite = headers.some(([name]) => name === 'Sec-Fetch-Site')
    // The one answer for everybody, which says nothing; it has a test of its own.
    const routes = server.routes.filter(
      route => (!onlyUnsafe || isUnsafe(route)) && !(hasSite && route.path === '/ping'),
    )

    for (const route of routes) {
      const answer = await ask(route, headers)
      expect(statuses, `${route.method} ${route.path} → ${answer.status} ${answer.body}`).toContain(answer.status)
      // What Node and the adapter cannot read at all they refuse without a body, before the application hears of it.
      if (answer.status !== 400)
        expect(JSON.parse(answer.body).error.code).toMatch(/^(forbidden-host|forbidden-origin|unsupported-media-type)$/)
    }

    expect(routes.length).toBeGreaterThan(5)
    expect(contentHash(server.databasePath)).toBe(before)
  }

  describe('a host that is not ours is refused on every route', () => {
    test.each([
      'evil.example',
      'evil.example:PORT',
      'localhost.evil',
      'localhost.evil.example:PORT',
      'evil-localhost',
      'notlocalhost',
      '127.0.0.1.nip.io:PORT',
      '127.0.0.1.evil.example',
      'localhost.',
      'localhost.:PORT',
      '127.0.0.1.:PORT',
      'evil.localhost.',
      'a@localhost',
      'localhost@evil.example',
      'localhost:x@evil.example',
      '2130706433',
      '2130706433:PORT',
      '0x7f000001',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '127.1',
      '127.0.1',
      '0.0.0.0',
      '0',
      '10.255.255.254',
      '169.254.169.254',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[fe80::1%25eth0]',
      '::1',
      '[::1',
      '',
      'localhost:99999',
      'localhost:PORT:PORT',
      'localhost:-1',
      'localhost:port',
      'localhost/evil',
      'localhost#evil',
      'localhost?evil',
      'localhost\\evil',
      'local host',
      'localhost, evil.example',
      '%6cocalhost',
      'pi.example.evil',
      'sub.pi.example',
      'null',
      '.localhost.evil',
    ])('Host: %s', async host => {
      await expectRefusedEverywhere([['Host', host]], [403, 400])
    })

    test('two Host headers, the first ours', () =>
      expectRefusedEverywhere(
        [
          ['Host', 'OWN'],
          ['Host', 'evil.example'],
        ],
        [403, 400],
      ))

    test('two Host headers, the second ours', () =>
      expectRefusedEverywhere(
        [
          ['Host', 'evil.example'],
          ['Host', 'OWN'],
        ],
        [403, 400],
      ))

    // An HTTP/2 client cannot leave the authority out.
    if (protocol === 'HTTP/1.1') test('no Host header', () => expectRefusedEverywhere([], [400]))

    test.each([
      ['a foreign address in the request line, Host ours', 'http://evil.example', 'OWN'],
      ['our address in the request line, Host foreign', 'http://OWN', 'evil.example'],
      ['a name before our address in the request line', 'http://evil@OWN', 'OWN'],
      ['another scheme in the request line', 'ftp://OWN', 'OWN'],
    ])('%s', async (_, origin, host) => {
      const before = contentHash(server.databasePath)

      for (const route of server.routes) {
        const answer = await ask(route, [['Host', host]], `${origin}${route.path}`)
        expect([400, 403], `${route.method} ${route.path}`).toContain(answer.status)
      }

      expect(contentHash(server.databasePath)).toBe(before)
    })

    test.each(['X-Forwarded-Host', 'Forwarded', 'X-Host', 'X-Original-Host'])('%s makes no host ours', name =>
      expectRefusedEverywhere(
        [
          ['Host', 'evil.example'],
          [name, name === 'Forwarded' ? 'host=localhost' : 'localhost'],
        ],
        [403],
      ),
    )
  })

  describe('a host that is ours is answered', () => {
    const interfaces = Object.values(networkInterfaces())
      .flatMap(addresses => addresses ?? [])
      .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
    const machine = hostname().toLowerCase()

    test.each([
      ...new Set([
        'localhost',
        'localhost:PORT',
        'LOCALHOST',
        'LocalHost:1',
        '127.0.0.1',
        '127.0.0.1:PORT',
        '[::1]',
        '[::1]:PORT',
        'llm.localhost:PORT',
        'pi.example',
        'PI.example:8443',
        machine,
        ...(machine.includes('.') ? [] : [`${machine}.local:PORT`]),
        ...interfaces,
        ...interfaces.map(address => `${address}:PORT`),
      ]),
    ])('Host: %s', async host => {
      const answer = await ask({ method: 'GET', path: '/api/conversations' }, [['Host', host]])

      expect(answer.status).toBe(200)
    })

    test('with its address in the request line, where the protocol has one', async () => {
      const answer = await ask({ method: 'GET', path: 'http://OWN/health' }, [['Host', 'OWN']])

      expect(answer.status).toBe(protocol === 'HTTP/1.1' ? 200 : 400)
    })
  })

  describe('private addresses and .local names', () => {
    const HOSTS = [
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.7.7',
      '100.64.0.1',
      'fd00::7',
      'pi.local',
      'a.b.local',
    ] as const
    const STRANGERS = [
      '172.32.0.1',
      '100.128.0.1',
      '8.8.8.8',
      '2001:db8::1',
      'pi.local.evil',
      'local',
      '192.168.1',
      '169.254.169.254',
    ]

    test.each(HOSTS)('%s is ours only when ALLOWED_HOSTS says private', host => {
      expect({ default: ownHosts([])(host), private: ownHosts(['private'])(host) }).toEqual({
        default: false,
        private: true,
      })
    })

    test.each(STRANGERS)('%s never is', host => {
      expect(ownHosts(['private'])(host)).toBe(false)
    })

    test('the word itself is no host', () => {
      expect(ownHosts(['private'])('private')).toBe(false)
    })
  })

  describe('an origin that is not ours is refused on every route', () => {
    test.each([
      'https://evil.example',
      'http://evil.example:PORT',
      'null',
      '',
      'http://127.0.0.1',
      'http://127.0.0.1:1',
      'http://localhost:PORT',
      'http://OWN/',
      'http://OWN.evil.example',
      'http://OWN@evil.example',
      'HTTP://OWN',
      'ftp://OWN',
      'file://',
      'chrome-extension://OWN',
      '//OWN',
      'OWN',
      'http://OWN, http://evil.example',
    ])('Origin: %s', async origin => {
      await expectRefusedEverywhere(
        [
          ['Host', 'OWN'],
          ['Origin', origin],
        ],
        [403],
      )
    })

    test('two Origin headers', () =>
      expectRefusedEverywhere(
        [
          ['Host', 'OWN'],
          ['Origin', 'http://OWN'],
          ['Origin', 'https://evil.example'],
        ],
        [403],
      ))

    test('a rebound name, where Host and Origin agree', () =>
      expectRefusedEverywhere(
        [
          ['Host', 'evil.example:PORT'],
          ['Origin', 'http://evil.example:PORT'],
        ],
        [403],
      ))
  })

  describe('a fetch from another site is refused on every route', () => {
    test.each(['cross-site', 'same-site', 'CROSS-SITE', 'same-origin, cross-site', '', 'something-new'])(
      'Sec-Fetch-Site: %s',
      async site => {
        await expectRefusedEverywhere(
          [
            ['Host', 'OWN'],
            ['Sec-Fetch-Site', site],
          ],
          [403],
        )
      },
    )

    test('even under an origin that is ours', () =>
      expectRefusedEverywhere(
        [
          ['Host', 'OWN'],
          ['Origin', 'http://OWN'],
          ['Sec-Fetch-Site', 'cross-site'],
        ],
        [403],
      ))

    test('a form that somebody sent from the address bar or a bookmark', () =>
      expectRefusedEverywhere(
        [
          ['Host', 'OWN'],
          ['Sec-Fetch-Site', 'none'],
          ['Sec-Fetch-Mode', 'navigate'],
        ],
        [403],
        true,
      ))

    test('a form navigation from another site', () =>
      expectRefusedEverywhere(
        [
          ['Host', 'OWN'],
          ['Sec-Fetch-Site', 'cross-site'],
          ['Sec-Fetch-Mode', 'navigate'],
        ],
        [403],
        true,
      ))

    test('a link from another site into the API', async () => {
      for (const route of server.routes.filter(({ method, path }) => method === 'GET' && path.startsWith('/api'))) {
        const answer = await ask(route, [
          ['Host', 'OWN'],
          ['Sec-Fetch-Site', 'cross-site'],
          ['Sec-Fetch-Mode', 'navigate'],
        ])
        expect(answer.status, route.path).toBe(403)
      }
    })

    test('a link from another site into the API in disguise', async () => {
      const headers: Headers = [
        ['Host', 'OWN'],
        ['Sec-Fetch-Site', 'cross-site'],
        ['Sec-Fetch-Mode', 'navigate'],
      ]

      for (const path of [
        '/%61pi/conversations',
        '/api%2fconversations',
        '//api/conversations',
        '/./api/conversations',
        '/x/../api/conversations',
      ]) {
        const answer = await ask({ method: 'GET', path }, headers)
        expect([403, 404], path).toContain(answer.status)
      }
    })
  })

  describe('a body of a type that a form can send is refused wherever there can be one', () => {
    test.each([
      'text/plain',
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'application/json, text/plain',
      'application/json; charset=utf-16',
      'text/plain; application/json',
      'json',
      '',
    ])('Content-Type: %s', async type => {
      await expectRefusedEverywhere(
        [
          ['Host', 'OWN'],
          ['Content-Type', type],
        ],
        [415],
        true,
      )
    })

    // An HTTP/2 client refuses to send them.
    if (protocol === 'HTTP/1.1')
      test('two types', () =>
        expectRefusedEverywhere([['Host', 'OWN'], JSON_TYPE, ['Content-Type', 'text/plain']], [415], true))
  })

  describe('whoever belongs here passes on every route', () => {
    test.each<[string, Headers]>([
      ['a script without any header of a browser', [['Host', 'OWN']]],
      [
        'our page',
        [
          ['Host', 'OWN'],
          ['Origin', 'http://OWN'],
          ['Sec-Fetch-Site', 'same-origin'],
          ['Sec-Fetch-Mode', 'cors'],
        ],
      ],
      [
        'our page where the browser names no site, on plain HTTP',
        [
          ['Host', 'OWN'],
          ['Origin', 'http://OWN'],
        ],
      ],
      [
        'our page behind a front-end that speaks HTTPS',
        [
          ['Host', 'pi.example'],
          ['Origin', 'https://pi.example'],
          ['Sec-Fetch-Site', 'same-origin'],
        ],
      ],
      [
        'our page on a bracketed address',
        [
          ['Host', '[::1]:PORT'],
          ['Origin', 'http://[::1]:PORT'],
        ],
      ],
      [
        'a script that names the character set',
        [
          ['Host', 'localhost'],
          ['Content-Type', 'application/json; charset=UTF-8'],
        ],
      ],
    ])('%s', async (_, headers) => {
      for (const route of server.routes) {
        const answer = await ask(route, headers)
        expect(
          [400, 403, 415, 421, 500].filter(status => status === answer.status && !isFieldRefusal(answer)),
          route.path,
        ).toEqual([])
      }
    })

    test('a person who opens the app from a bookmark, or by a link from elsewhere', async () => {
      for (const site of ['none', 'cross-site', 'same-site']) {
        const answer = await ask({ method: 'GET', path: '/health' }, [
          ['Host', 'OWN'],
          ['Sec-Fetch-Site', site],
          ['Sec-Fetch-Mode', 'navigate'],
        ])
        expect(answer.status, site).toBe(200)
      }
    })
  })

  test('only the question whether we are trusted may come from another site, and its answer says nothing', async () => {
    const answer = await ask({ method: 'GET', path: '/ping' }, [
      ['Host', 'OWN'],
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Mode', 'no-cors'],
    ])

    expect(answer).toMatchObject({ status: 204, body: '' })
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(answer.headers.get('access-control-allow-origin')).toBeUndefined()
  })

  test('no GET changes anything', async () => {
    const before = contentHash(server.databasePath)

    for (const route of server.routes.filter(({ method }) => method === 'GET')) {
      await ask(route, [['Host', 'OWN']])
      await ask({ ...route, method: 'HEAD' }, [['Host', 'OWN']])
    }

    expect(contentHash(server.databasePath)).toBe(before)
  })
})

/** `{}` is not a body that every route takes; then the route itself says which field is wrong. */
function isFieldRefusal(answer: RawAnswer): boolean {
  return answer.status === 400 && answer.body.includes('"bad-request"')
}
