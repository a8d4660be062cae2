import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '#shared/errors.ts'
import { announce } from './announce.ts'
import { runCommand } from './backup/commands.ts'
import { buildClientIfNeeded } from './build-client.ts'
import { collectOnce } from './collect-once.ts'
import { type Config, readConfig } from './config.ts'
import { openPorts } from './http/ports.ts'
import { staticFiles, styleSheetsOf } from './http/static-files.ts'
import { createLog, type Log } from './log.ts'
import { createServer, type Server } from './server.ts'
import { systemScheduler } from './system-scheduler.ts'
import type { Https, HttpsOptions } from './tls/open-https.ts'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** By then the first pages have been answered. */
const COLLECT_AFTER_MS = 500
/** Docker sends SIGKILL ten seconds after SIGTERM; ends must be on the disk long before. */
const LONGEST_SHUTDOWN_MS = 3000
type Ambient = Pick<HttpsOptions, 'clock' | 'scheduler' | 'randomBytes' | 'log'>

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
  const { say } = options
  const log = createLog({ write: say, now: Date.now, secrets: secretsOf(config) })
  const version = readVersion()
  const ambient = { clock: { now: Date.now }, scheduler: systemScheduler, randomBytes, log }
  const client = options.isServingClient ? join(ROOT, 'dist') : null
  const https = await openHttpsIfWanted(config, client, ambient)
  const server = await createServer({
    ...ambient,
    fetch,
    config,
    manual: readFileSync(join(ROOT, 'client', 'public', 'manual.md'), 'utf8'),
    version,
    ...(client === null ? {} : { client: staticFiles(client) }),
    ...(https ? { https } : {}),
  })
  try {
    const { host, port, tls } = config
    const secure = https && tls.mode !== 'off' ? { port: tls.port, create: https.createServer } : null
    const ports = await openPorts({ fetch: server.app.fetch, host, port, https: secure })
    stopOnSignal(server, log, () => ports.close())
    await announce({ config, ports, https, providerStates: server.providerStates(), version, say })
    setTimeout(collectOnce, COLLECT_AFTER_MS).unref()
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Loaded only where it is wanted: on one machine alone, none of it takes time or memory. */
async function openHttpsIfWanted(config: Config, client: string | null, ambient: Ambient): Promise<Https | null> {
  const { tls, allowedHosts, databasePath } = config
  if (tls.mode === 'off') return null
  const { openHttps } = await import('./tls/open-https.ts')
  const styleSheets = client === null ? [] : styleSheetsOf(client)
  return openHttps({ ...ambient, tls, allowedHosts, databasePath, styleSheets })
}

function stopOnSignal(server: Server, log: Log, closePorts: () => void): void {
  let isStopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1)
      isStopping = true
      log.info('stopping', { signal })
      closePorts()
      setTimeout(() => process.exit(1), LONGEST_SHUTDOWN_MS).unref()
      void server.close().then(() => process.exit(0))
    })
  }
}

function explainStart(error: unknown): string {
  if (error instanceof Error && 'code' in error) {
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
