import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hono } from 'hono'
import type { Clock, Scheduler } from '#shared/clock.ts'
import { readConfig } from '../../server/config.ts'
import { openPorts } from '../../server/http/ports.ts'
import { createLog } from '../../server/log.ts'
import { createServer } from '../../server/server.ts'
import { systemScheduler } from '../../server/system-scheduler.ts'
import { openHttps } from '../../server/tls/open-https.ts'
import type { Surroundings } from '../../server/tls/own-names.ts'

export type TestServer = {
  readonly url: string
  /** Where it speaks HTTPS; empty unless `TLS_PORT` is in the environment. */
  readonly secureUrl: string
  readonly databasePath: string
  readonly logLines: readonly string[]
  /** Every route of the API, by method and pattern. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  /** How many devices listen for news. */
  listeners(): number
  /** A JSON request, as a script would send it. */
  request(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Response>
  /** Stops the server; its folder stays for the next one. */
  stop(): Promise<void>
  /** Stops the server and removes its folder. */
  close(): Promise<void>
}

type TestServerOptions = {
  readonly environment?: Readonly<Record<string, string>>
  /** Goes on with what an earlier server left. */
  readonly folder?: string
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  /** What stands for the push services. */
  readonly fetch?: typeof fetch
  /** The machine's name and addresses, for its certificate. */
  readonly surroundings?: Surroundings
  /** Where an earlier server listened; any free port else. */
  readonly port?: number
  /** The built client; without it, only the API answers. */
  readonly client?: Hono
}

/** The real server on a real port and a database of its own. Ollama is looked for where nothing listens, unless named. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'llm-router-'))
  const databasePath = join(folder, 'llm-router.db')
  const logLines: string[] = []
  const config = readConfig({
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
    DATABASE_PATH: databasePath,
    // As if it were open to the network, which is when HTTPS is.
    ...(options.environment?.['TLS_PORT'] === undefined ? {} : { HOST: '0.0.0.0' }),
    ...options.environment,
  })
  const ambient = {
    clock: options.clock ?? { now: Date.now },
    scheduler: options.scheduler ?? systemScheduler,
    randomBytes,
    log: createLog({ write: line => logLines.push(line), now: Date.now, secrets: [] }),
  }
  const { tls, allowedHosts } = config
  const surroundings = options.surroundings ? { surroundings: options.surroundings } : {}
  const https =
    tls.mode === 'off'
      ? null
      : openHttps({ ...ambient, ...surroundings, tls, allowedHosts, databasePath, styleSheets: [] })
  const server = await createServer({
    ...ambient,
    fetch: options.fetch ?? fetch,
    config,
    manual: readFileSync(fileURLToPath(new URL('../../client/public/manual.md', import.meta.url)), 'utf8'),
    version: '0.0.0-test',
    ...(options.client ? { client: options.client } : {}),
    ...(https ? { https } : {}),
  })
  const ports = await openPorts({
    fetch: server.app.fetch,
    host: '127.0.0.1',
    port: options.port ?? 0,
    https: https && tls.mode !== 'off' ? { port: tls.port, create: https.createServer } : null,
  })
  const url = `http://127.0.0.1:${ports.plain}`

  async function stop(): Promise<void> {
    ports.close()
    await server.close()
    ports.cut()
  }

  return {
    url,
    secureUrl: ports.secure === null ? '' : `https://127.0.0.1:${ports.secure}`,
    databasePath,
    logLines,
    routes: server.app.routes.filter(({ method, path }) => method !== 'ALL' && path !== '/*'),
    request: (path, { method, body, headers } = {}) =>
      fetch(`${url}${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }),
    listeners: server.listeners,
    stop,
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
