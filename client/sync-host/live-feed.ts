import type { RandomBytes, Scheduler } from '#shared/clock.ts'
import { createEventStreamDecoder } from '#shared/event-stream.ts'
import { retryMs } from '../sync/loop.ts'
import { type LiveEvent, parseLiveEvent } from './parse.ts'

export type LiveFeedOptions = {
  readonly fetch: typeof fetch
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  readonly onEvent: (event: LiveEvent) => void
  /** A line that was open ended or fell silent: what it would have told may have been missed. */
  readonly onLost: () => void
  readonly onFault: (cause: unknown) => void
  readonly isSeen: boolean
}

/** The server's own word that there is something new (`GET /api/live`). */
export interface LiveFeed {
  /** Drops the line, however well it looks, and opens another at once. */
  reopen(): void
  /** Whether somebody can see a page; where nobody can, the line says so, and the server may push. */
  setSeen(isSeen: boolean): void
  stop(): void
}

/** The server says something every 15 s. A phone that wakes up holds lines that look open and are dead. */
const LONGEST_SILENCE_MS = 35_000

/** Keeps one line to the server open, with the patience of the sync itself between tries. */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { scheduler, randomBytes } = options
  let line = new AbortController()
  let stopTimer = (): void => undefined
  let failures = 0
  let { isSeen } = options

  async function listen(own: AbortController): Promise<void> {
    const isHeard = await readLine(options, { own, isSeen })
    if (own !== line) return
    if (isHeard) {
      failures = 0
      options.onLost()
    }
    stopTimer = scheduler.after(retryMs(failures++, randomBytes), open)
  }

  function open(): void {
    stopTimer()
    line.abort()
    line = new AbortController()
    listen(line).catch(options.onFault)
  }

  function reopen(): void {
    failures = 0
    line.abort()
    stopTimer()
    // A page that comes into sight says that, and that it woke: both are one line.
    stopTimer = scheduler.after(0, open)
  }

  open()
  return {
    reopen,
    setSeen: isSeenNow => {
      if (isSeenNow === isSeen) return
      isSeen = isSeenNow
      reopen()
    },
    stop: () => {
      stopTimer()
      line.abort()
      // What ends now is no line of ours any more.
      line = new AbortController()
    },
  }
}

/** Reads one line to its end. True when it was open at all. */
async function readLine(
  options: LiveFeedOptions,
  { own: line, isSeen }: { readonly own: AbortController; readonly isSeen: boolean },
): Promise<boolean> {
  const { scheduler, onEvent } = options
  const { signal } = line
  const giveUp = () => line.abort()
  let stopWatchdog = scheduler.after(LONGEST_SILENCE_MS, giveUp)
  let isHeard = false
  try {
    const headers = { Accept: 'text/event-stream' }
    const response = await options.fetch(isSeen ? '/api/live' : '/api/live?page=hidden', {
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    })
    const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream') === true
    if (!response.ok || !isStream || response.body === null) {
      await response.body?.cancel()
      return false
    }
    const decoder = createEventStreamDecoder()
    const reader = response.body.getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      stopWatchdog()
      stopWatchdog = scheduler.after(LONGEST_SILENCE_MS, giveUp)
      isHeard = true
      for (const event of decoder.push(piece.value)) {
        const known = parseLiveEvent(event)
        if (known !== null && !signal.aborted) onEvent(known)
      }
    }
    return isHeard
  } catch (error) {
    // A line that breaks and one that is dropped end alike; anything else is a mistake of ours.
    if (error instanceof TypeError || error instanceof DOMException) return isHeard
    throw error
  } finally {
    stopWatchdog()
  }
}
