import type { Clock } from '#shared/clock.ts'
import type { Failure, Outcome } from './outcome.ts'

type CallOptions = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** What each call taught about the way to the server. */
export type CallReport =
  | { readonly ok: true; readonly latencyMs: number }
  | { readonly ok: false; readonly failure: Failure }

/** Reads a body, with code that may have to be fetched. Throws when it is not as agreed. */
type Parse<T> = (value: unknown) => T | Promise<T>

export interface Api {
  /** One call with JSON in and out. Never throws, except for an abort of its own signal. */
  call<T>(path: string, parse: Parse<T>, options?: CallOptions): Promise<Outcome<T>>
  /** The response as soon as its headers are here, for event streams. */
  open(path: string, options?: CallOptions): Promise<Outcome<Response>>
}

export type ApiDependencies = {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly hasNetwork: () => boolean
  readonly onReport: (report: CallReport) => void
}

const CALL_TIMEOUT_MS = 15_000

/** The HTTP contract as calls that answer with an outcome instead of throwing. */
export function createApi(dependencies: ApiDependencies): Api {
  const open: Api['open'] = async (path, options = {}) => {
    const startedAt = dependencies.clock.now()
    const outcome = await send(dependencies, path, options)
    const latencyMs = dependencies.clock.now() - startedAt
    // A refusal came from our server, so the way to it is sound.
    if (outcome.ok || (outcome.failure.kind === 'refused' && outcome.failure.status !== 401))
      dependencies.onReport({ ok: true, latencyMs })
    else dependencies.onReport({ ok: false, failure: outcome.failure })
    return outcome
  }
  return {
    open,
    async call(path, parse, options = {}) {
      const timeout = AbortSignal.timeout(CALL_TIMEOUT_MS)
      const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
      const outcome = await open(path, { ...options, signal })
      if (!outcome.ok) return outcome
      return await readJson(outcome.value, parse, options.signal)
    },
  }
}

async function send(dependencies: ApiDependencies, path: string, options: CallOptions): Promise<Outcome<Response>> {
  const { method = 'GET', body, headers, signal } = options
  const hasBody = body !== undefined
  try {
    const response = await dependencies.fetch(path, {
      method,
      headers: { ...(hasBody ? { 'Content-Type': 'application/json' } : {}), ...headers },
      credentials: 'same-origin',
      cache: 'no-store',
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
      ...(signal === undefined ? {} : { signal }),
    })
    if (response.ok) return { ok: true, value: response }
    const refusal = await bodyOf(response)
    const { parseFailure } = await import('./parse.ts')
    return { ok: false, failure: parseFailure(response.status, refusal) }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    return { ok: false, failure: { kind: dependencies.hasNetwork() ? 'silent' : 'offline' } }
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: a proxy's error page, which parseFailure calls broken.
    return null
  }
}

async function readJson<T>(response: Response, parse: Parse<T>, signal: AbortSignal | undefined): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await parse(response.status === 204 ? null : await response.json()) }
  } catch (error) {
    if (signal?.aborted === true) throw error
    return { ok: false, failure: { kind: 'broken', status: response.status } }
  }
}
