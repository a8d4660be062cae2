import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { AppError } from '#shared/errors.ts'
import { runCommand } from './backup/commands.ts'
import { buildClientIfNeeded } from './build-client.ts'
import { type Config, readConfig } from './config.ts'
import { staticFiles } from './http/static-files.ts'
import { createLog, type Log } from './log.ts'
import { createServer, type Server } from './server.ts'
import { systemScheduler } from './system-scheduler.ts'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** Docker sends SIGKILL ten seconds after SIGTERM; ends must be on the disk long before. */
const LONGEST_SHUTDOWN_MS = 3000
const WAYS_TO_GET: Readonly<Record<string, string>> = {
  openai: 'set OPENAI_API_KEY',
  anthropic: 'set ANTHROPIC_API_KEY',
  ollama: 'start Ollama, or set OLLAMA_BASE_URL',
}

/** Starts the server, says where it is, and stops it on SIGTERM and SIGINT; or does the one thing that the words behind its name ask for. */
export async function main(): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  try {
    if (existsSync(join(ROOT, '.env'))) process.loadEnvFile(join(ROOT, '.env'))
    const config = readConfig(process.env)
    const words = process.argv.slice(2)
    if (words.length > 0) {
      const folder = process.env['INIT_CWD'] ?? process.cwd()
      return await runCommand(words, { ...config, folder, clock: { now: Date.now }, randomBytes, say })
    }
    const isServingClient = process.env['LLM_ROUTER_API_ONLY'] !== '1'
    if (isServingClient) await buildClientIfNeeded(ROOT, say)
    await listen(config, { isServingClient, say })
  } catch (error) {
    process.stderr.write(`${error instanceof AppError ? error.message : explainStart(error)}\n`)
    process.exitCode = 1
  }
}

async function listen(
  config: Config,
  options: { readonly isServingClient: boolean; readonly say: (line: string) => void },
): Promise<void> {
  const log = createLog({ write: options.say, now: Date.now, secrets: secretsOf(config) })
  const version = readVersion()
  const server = await createServer({
    config,
    manual: readFileSync(join(ROOT, 'client', 'public', 'manual.md'), 'utf8'),
    ...(options.isServingClient ? { client: staticFiles(join(ROOT, 'dist')) } : {}),
    clock: { now: Date.now },
    scheduler: systemScheduler,
    randomBytes,
    log,
    version,
  })
  const http = serve({ fetch: server.app.fetch, hostname: config.host, port: config.port }, address => {
    announce(address, { config, server, version, say: options.say })
  })
  http.on('error', (error: Error) => {
    process.stderr.write(`${explainStart(error)}\n`)
    void server.close().then(() => process.exit(1))
  })
  stopOnSignal(server, log, () => http.close())
}

function announce(
  address: AddressInfo,
  about: {
    readonly config: Config
    readonly server: Server
    readonly version: string
    readonly say: (line: string) => void
  },
): void {
  const { config, server, version, say } = about
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const shown = host.includes(':') ? `[${host}]` : host
  say(`LLM Router ${version} · http://${shown === '127.0.0.1' ? 'localhost' : shown}:${address.port}`)
  for (const [provider, state] of Object.entries(server.providerStates())) {
    const way = WAYS_TO_GET[provider] ?? 'see README.md'
    say(state === 'configured' ? `  ● ${provider}` : `  ○ ${provider}: ${way}`)
  }
}

function stopOnSignal(server: Server, log: Log, closePort: () => void): void {
  let isStopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1)
      isStopping = true
      log.info('stopping', { signal })
      closePort()
      setTimeout(() => process.exit(1), LONGEST_SHUTDOWN_MS).unref()
      void server.close().then(() => process.exit(0))
    })
  }
}

function explainStart(error: unknown): string {
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'EADDRINUSE') return 'PORT is taken by another program. Stop it, or set PORT to a free one.'
    if (error.code === 'EACCES')
      return 'HOST and PORT, or the folder of DATABASE_PATH, are not open to this user. Choose others.'
    if (error.code === 'SQLITE_CANTOPEN')
      return 'DATABASE_PATH cannot be opened. It should be a file in a folder this user may write to.'
    if (error.code === 'SQLITE_NOTADB')
      return 'DATABASE_PATH is not a database of this program. Name another file, or restore a backup.'
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function secretsOf(config: Config): string[] {
  const keys = [config.openai.apiKey, config.anthropic.apiKey, ...config.compatible.map(server => server.apiKey)]
  return keys.filter(key => key !== null)
}

function readVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return version
}
