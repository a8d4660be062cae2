import type { Clock } from '#shared/clock.ts'
import { createEventStreamDecoder } from '#shared/event-stream.ts'
import type { Pause } from '../platform/pause.ts'

/** The server sends a comment every 15 s; after two of them are missing the line is taken for dead. */
const SILENCE_MS = 35_000
/** After the page woke, a line that has been quiet for longer than this is opened again rather than trusted. */
const DOUBTFUL_MS = 2_000

export type ReadOptions = {
  /** Takes one event; true when it was the last one. */
  take(name: string, data: string, id: string): boolean
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly pause: Pause
}

/** Reads one connection: true when the run's last event came, false when the connection was lost, silent or left. */
export async function readEvents(response: Response, options: ReadOptions): Promise<boolean> {
  if (response.body === null) return false
  const reader = response.body.getReader()
  const decoder = createEventStreamDecoder()
  try {
    for (;;) {
      const bytes = await nextBytes(reader, options)
      if (bytes === null) return false
      for (const event of decoder.push(bytes)) {
        if (options.take(event.event, event.data, event.id)) return true
      }
    }
  } finally {
    // Closes the connection; one that is broken already has nothing to close.
    reader.cancel().catch(() => undefined)
  }
}

async function nextBytes(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  options: ReadOptions,
): Promise<Uint8Array | null> {
  const quiet = new AbortController()
  const signal = AbortSignal.any([options.signal, quiet.signal])
  const startedAt = options.clock.now()
  // A connection that breaks ends the reading like one that closes: both are opened again.
  const read = reader.read().then(
    result => (result.done ? null : result.value),
    () => null,
  )
  try {
    for (;;) {
      const first = await Promise.race([read, options.pause(SILENCE_MS, signal)])
      if (first === null || first instanceof Uint8Array) return first
      if (first !== 'woken' || options.clock.now() - startedAt > DOUBTFUL_MS) return null
    }
  } finally {
    quiet.abort()
  }
}
