import { isIPv6 } from 'node:net'
import { dirname, join } from 'node:path'
import { AppError } from '#shared/errors.ts'
import { isLoopback } from './hosts/private-addresses.ts'

export type CompatibleServer = {
  /** As it stands before the slash of a model id. */
  readonly id: string
  readonly baseUrl: string
  readonly apiKey: string | null
}

/** Where HTTPS has its certificate from: our own authority, or two files that somebody else renews. */
export type TlsConfig =
  | { readonly mode: 'off' }
  | { readonly mode: 'authority'; readonly port: number }
  | { readonly mode: 'files'; readonly port: number; readonly certPath: string; readonly keyPath: string }

export type BackupConfig = {
  /** 0 for never. */
  readonly everyHours: number
  readonly keep: number
  readonly folder: string
}

export type Config = {
  readonly host: string
  readonly port: number
  readonly tls: TlsConfig
  readonly databasePath: string
  /** Host names and addresses the server answers to beside its own; `private` admits every private address and `.local` name. */
  readonly allowedHosts: readonly string[]
  readonly openai: { readonly apiKey: string | null; readonly baseUrl: string | null }
  readonly anthropic: { readonly apiKey: string | null; readonly baseUrl: string | null }
  readonly ollama: { readonly baseUrl: string; readonly isNamed: boolean }
  readonly compatible: readonly CompatibleServer[]
  /** How long a started answer may be silent before it is given up. */
  readonly idleTimeoutMs: number
  /** More answers than this for one person wait for a place. */
  readonly answersAtOnce: number
  readonly backup: BackupConfig
}

type Environment = Readonly<Record<string, string | undefined>>

const RESERVED_PROVIDER_IDS = new Set(['openai', 'anthropic', 'ollama', 'manual'])

/** Reads the configuration; throws AppError `bad-request` that names the variable and what would be right. */
export function readConfig(environment: Environment): Config {
  const host = text(environment, 'HOST') ?? '127.0.0.1'
  const port = integer(environment, 'PORT', { fallback: 8000, least: 0, most: 65_535 })
  const databasePath = text(environment, 'DATABASE_PATH') ?? './data/llm-router.db'
  return {
    host,
    port,
    tls: tls(environment, { host, port }),
    databasePath,
    allowedHosts: hosts(environment, 'ALLOWED_HOSTS'),
    openai: { apiKey: key(environment, 'OPENAI_API_KEY'), baseUrl: url(environment, 'OPENAI_BASE_URL') },
    anthropic: { apiKey: key(environment, 'ANTHROPIC_API_KEY'), baseUrl: url(environment, 'ANTHROPIC_BASE_URL') },
    ollama: {
      baseUrl: url(environment, 'OLLAMA_BASE_URL') ?? 'http://127.0.0.1:11434',
      isNamed: text(environment, 'OLLAMA_BASE_URL') !== null,
    },
    compatible: compatibleServers(environment),
    idleTimeoutMs:
      integer(environment, 'PROVIDER_IDLE_TIMEOUT_SECONDS', { fallback: 120, least: 1, most: 3600 }) * 1000,
    answersAtOnce: integer(environment, 'ANSWERS_AT_ONCE', { fallback: 4, least: 1, most: 10_000 }),
    backup: {
      everyHours: integer(environment, 'BACKUP_EVERY_HOURS', { fallback: 24, least: 0, most: 8760 }),
      keep: integer(environment, 'BACKUP_KEEP', { fallback: 7, least: 1, most: 1000 }),
      folder: text(environment, 'BACKUP_FOLDER') ?? join(dirname(databasePath), 'backups'),
    },
  }
}

/** Named files are used; else an authority of our own, where other devices can come at all: a browser takes its own machine for safe. */
function tls(environment: Environment, plain: { readonly host: string; readonly port: number }): TlsConfig {
  const mode = text(environment, 'TLS') ?? 'auto'
  if (mode !== 'auto' && mode !== 'files' && mode !== 'off') throw unreadable('TLS', 'auto, files or off')
  const port = integer(environment, 'TLS_PORT', { fallback: 8443, least: 0, most: 65_535 })
  const certPath = text(environment, 'TLS_CERT')
  const keyPath = text(environment, 'TLS_KEY')
  const isNamed = certPath !== null || keyPath !== null
  if (mode === 'off' || (mode === 'auto' && !isNamed && isLoopback(plain.host))) return { mode: 'off' }
  if (port === plain.port && port !== 0) throw unreadable('TLS_PORT', 'another port than PORT')
  if (mode === 'auto' && !isNamed) return { mode: 'authority', port }
  if (certPath === null) throw unreadable('TLS_CERT', 'the path of a certificate in PEM')
  if (keyPath === null) throw unreadable('TLS_KEY', 'the path of the private key of TLS_CERT, in PEM')
  return { mode: 'files', port, certPath, keyPath }
}

function compatibleServers(environment: Environment): CompatibleServer[] {
  const servers: CompatibleServer[] = []
  for (const name of Object.keys(environment).sort()) {
    const found = /^COMPATIBLE_(.+)_BASE_URL$/.exec(name)
    if (!found?.[1]) continue
    const baseUrl = url(environment, name)
    if (baseUrl === null) continue
    if (!/^[A-Z][A-Z0-9_]*$/.test(found[1])) throw unreadable(name, 'a name of capital letters, digits and underscores')
    const id = found[1].toLowerCase().replaceAll('_', '-')
    if (RESERVED_PROVIDER_IDS.has(id)) throw unreadable(name, `another name: ${id} is built in`)
    servers.push({ id, baseUrl, apiKey: key(environment, `COMPATIBLE_${found[1]}_API_KEY`) })
  }
  return servers
}

function text(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim()
  return value ? value : null
}

/** A key travels in a header, which takes no space, quotation mark of a word processor or line end. */
function key(environment: Environment, name: string): string | null {
  const value = text(environment, name)
  if (value !== null && !/^[!-~]+$/.test(value))
    throw unreadable(name, 'the key alone: letters, digits and signs without spaces')
  return value
}

/** Bare names and addresses: with a scheme, a port or a star they would never match. */
function hosts(environment: Environment, name: string): string[] {
  const found = (text(environment, name) ?? '').toLowerCase().split(',')
  const named = found.map(host => host.trim()).filter(host => host !== '')
  if (named.every(host => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host) || isIPv6(host))) return named
  throw unreadable(name, 'host names and addresses with commas between them, without http:// and without a port')
}

function integer(
  environment: Environment,
  name: string,
  range: { readonly fallback: number; readonly least: number; readonly most: number },
): number {
  const value = text(environment, name)
  if (value === null) return range.fallback
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < range.least || number > range.most) {
    throw unreadable(name, `a whole number from ${range.least} to ${range.most}`)
  }
  return number
}

function url(environment: Environment, name: string): string | null {
  const value = text(environment, name)
  if (value === null) return null
  const parsed = URL.parse(value)
  const isPlain = parsed?.username === '' && parsed.password === ''
  if (!parsed || !isPlain || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw unreadable(name, 'an address like https://host/v1, without a user name or password in it')
  }
  return value.replace(/\/+$/, '')
}

/** The value itself is left out: it may be a key that slipped into the wrong line. */
function unreadable(name: string, right: string): AppError {
  return new AppError('bad-request', `${name} cannot be read. It should be ${right}.`, { field: name })
}
