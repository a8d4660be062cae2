import { type Boot, parseRowsPage, parseSyncPage } from '#shared/wire/sync.ts'
import type { SyncNet, SyncOutcome } from '../sync/ports.ts'
import { parseBoot, parseRefusal } from './parse.ts'

/** A page of a megabyte over a bad line; a call that hangs longer is dead. */
const CALL_TIMEOUT_MS = 60_000
/** What a screen shows at first is on it after one short transaction. */
const FIRST_CONVERSATIONS = 50
const ROWS_A_PAGE = 1000

type Call = { readonly path: string; readonly body?: unknown; readonly signal: AbortSignal }

/** The server over HTTP, as the engine sees it. */
export function createSyncNet(dependencies: { readonly fetch: typeof fetch }): SyncNet {
  async function call<Page>(
    { path, body, signal }: Call,
    parse: (text: string) => Page | null,
  ): Promise<SyncOutcome<Page>> {
    const answer = await send({ path, body, signal })
    if (answer === null) return { kind: 'offline' }
    const { status, retryAfter, text } = answer
    if (status === 429 || status === 503) return { kind: 'busy', retryAfterMs: retryAfterMs(retryAfter) }
    if (status !== 200) return parseRefusal(text)
    const page = parse(text)
    return page === null ? { kind: 'broken' } : { kind: 'page', page }
  }

  /** Null when nothing answered, or not to the end. */
  async function send({ path, body, signal }: Call) {
    try {
      const response = await dependencies.fetch(path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const { status, headers } = response
      return { status, retryAfter: headers.get('Retry-After'), text: await response.text() }
    } catch (error) {
      if (isNetworkError(error)) return null
      throw error
    }
  }

  return {
    sync: (request, signal) => call({ path: '/api/sync', body: request, signal }, parseSyncPage),
    boot: signal => call<Boot>({ path: '/api/sync/boot', signal }, parseBoot),
    conversationRows: (before, signal) => {
      const limit = before === null ? FIRST_CONVERSATIONS : ROWS_A_PAGE
      return call({ path: rowsPath('conversations', limit, before), signal }, parseRowsPage)
    },
    messageRows: (conversations, after, signal) =>
      call({ path: '/api/sync/rows/messages', body: { conversations, after }, signal }, parseRowsPage),
    kindRows: (kind, before, signal) => call({ path: rowsPath(kind, ROWS_A_PAGE, before), signal }, parseRowsPage),
  }
}

/** `fetch` says TypeError for a line that failed, and a DOMException for a call that was given up or timed out. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException
}

function rowsPath(kind: string, limit: number, before: string | null): string {
  const query = new URLSearchParams({ limit: String(limit), ...(before === null ? {} : { before }) })
  return `/api/sync/rows/${kind}?${query}`
}

/** Seconds, as our server writes them; without them the engine's own patience has to do. */
function retryAfterMs(header: string | null): number {
  const seconds = Number(header)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0
}
