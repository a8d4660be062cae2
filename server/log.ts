type Field = string | number | boolean | null | undefined

/** One JSON line an event. Fields are names, numbers and codes: never content, never a key. */
export interface Log {
  info(event: string, fields?: Readonly<Record<string, Field>>): void
  warn(event: string, fields?: Readonly<Record<string, Field>>): void
  error(event: string, fields?: Readonly<Record<string, Field>>): void
}

/**
 * `secrets` are blanked wherever they turn up, as a second wall: nothing should bring one here.
 * `write` takes a line without its end.
 */
export function createLog(options: {
  readonly write: (line: string) => void
  readonly now: () => number
  readonly secrets: readonly string[]
}): Log {
  const secrets = options.secrets.filter(secret => secret.length >= 8)
  const log =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, Field>> = {}) => {
      let line = JSON.stringify({ at: new Date(options.now()).toISOString(), level, event, ...fields })
      for (const secret of secrets) line = line.replaceAll(secret, '[redacted]')
      options.write(line)
    }
  return { info: log('info'), warn: log('warn'), error: log('error') }
}

/** What of an error may be logged: its class, its code and where it was thrown, not its text, which may quote a prompt. */
export function errorFields(error: unknown): Readonly<Record<string, Field>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    error: error.name,
    code,
    where: error.stack
      ?.split('\n')
      .find(line => line.includes('/server/'))
      ?.trim(),
  }
}
