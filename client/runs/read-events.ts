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
  const over = new AbortController()
  const signal = AbortSignal.any([options.signal, over.signal])
  let heardAtMs = options.clock.now()
  // One watch for the whole connection: a piece costs no timer. A connection that is broken already has nothing to close.
  void untilSilent({ ...options, signal, heardAtMs: () => heardAtMs }).then(() =>
    reader.cancel().catch(() => undefined),
  )
  try {
    for (;;) {
      const bytes = await nextBytes(reader)
      if (bytes === null) return false
      heardAtMs = options.clock.now()
      for (const event of decoder.push(bytes)) {
        if (options.take(event.event, event.data, event.id)) return true
      }
    }
  } finally {
    over.abort()
  }
}

/** Null at the end. A connection that breaks ends the reading like one that closes: both are opened again. */
function nextBytes(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> {
  return reader.read().then(
    result => (result.done ? null : result.value),
    () => null,
  )
}

type Watched = Pick<ReadOptions, 'signal' | 'clock' | 'pause'> & { heardAtMs(): number }

/** Waits until the line is taken for dead or the signal aborts. */
async function untilSilent({ signal, clock, pause, heardAtMs }: Watched): Promise<void> {
  for (;;) {
    const heardBefore = heardAtMs()
    const end = await pause(SILENCE_MS - (clock.now() - heardBefore), signal)
    const isQuiet = end === 'woken' ? clock.now() - heardAtMs() > DOUBTFUL_MS : heardAtMs() === heardBefore
    if (end === 'stopped' || isQuiet) return
  }
}
