import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Server as HttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Clock } from '#shared/clock.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { createServer } from '../../server/server.ts'
import { systemScheduler } from '../../server/system-scheduler.ts'

export type TestServer = {
  readonly url: string
  readonly databasePath: string
  readonly logLines: readonly string[]
  /** Every route of the API, by method and pattern. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
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
  const server = await createServer({
    config: readConfig({ OLLAMA_BASE_URL: 'http://127.0.0.1:9', DATABASE_PATH: databasePath, ...options.environment }),
    manual: readFileSync(fileURLToPath(new URL('../../client/public/manual.md', import.meta.url)), 'utf8'),
    clock: options.clock ?? { now: Date.now },
    scheduler: systemScheduler,
    randomBytes,
    log: createLog({ write: line => logLines.push(line), now: Date.now, secrets: [] }),
    version: '0.0.0-test',
    ...(options.client ? { client: options.client } : {}),
  })
  const http = serve({ fetch: server.app.fetch, hostname: '127.0.0.1', port: options.port ?? 0 }) as HttpServer
  await once(http, 'listening')
  const address = http.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`

  async function stop(): Promise<void> {
    http.close()
    await server.close()
    http.closeAllConnections()
  }

  return {
    url,
    databasePath,
    logLines,
    routes: server.app.routes.filter(({ method, path }) => method !== 'ALL' && path !== '/*'),
    request: (path, { method, body, headers } = {}) =>
      fetch(`${url}${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }),
    stop,
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
