import type { Scheduler } from '#shared/clock.ts'
import type { Writer } from '../database/writer.ts'
import type { RunsService } from '../runs/runs-service.ts'

/** A device that listens. */
interface LiveListener {
  /** Takes one encoded event; false when the device is too far behind and must come back. */
  write(event: Uint8Array): boolean
  end(): void
}

/** Who listens; a browser has a name once it has asked to be told when it does not. */
type LiveAsker = {
  readonly userId: number
  readonly browser: string | null
  /** False for a page that nobody can see: it hears everything, and counts as away. */
  readonly isLooking: boolean
}

export interface LiveHub {
  /** Tells the listener where the feed stands, then whenever it moves and whenever a run of the user changes. Returns how to stop. */
  listen(asker: LiveAsker, listener: LiveListener): () => void
  /** True while somebody can see a page of the browser of this name. */
  isLooking(browser: string): boolean
  /** How many listen. */
  count(): number
  /** Lets all listeners go. */
  close(): void
}

/** Changes of so many milliseconds make one poke: a push is often followed by another, and an answer's end by its ledger row. */
const POKE_DELAY_MS = 50

const encoder = new TextEncoder()

/** Tells devices that there is something new, and never what: rows take one way only, through the sync. */
export function createLiveHub(dependencies: {
  readonly writer: Writer
  readonly runs: Pick<RunsService, 'onState'>
  readonly scheduler: Scheduler
  readonly epoch: () => string
}): LiveHub {
  const { writer, runs, scheduler, epoch } = dependencies
  const closing = new AbortController()
  const listeners = new Map<LiveListener, LiveAsker>()
  let isPokeDue = false

  function send(event: Uint8Array, isFor: (userId: number) => boolean): void {
    for (const [listener, { userId }] of listeners) {
      if (!isFor(userId) || listener.write(event)) continue
      listeners.delete(listener)
      listener.end()
    }
  }

  const poke = () => encode('poke', { rev: writer.head(), epoch: epoch() })

  writer.onCommit(closing.signal, () => {
    if (isPokeDue || listeners.size === 0) return
    isPokeDue = true
    scheduler.after(POKE_DELAY_MS, () => {
      isPokeDue = false
      if (!closing.signal.aborted) send(poke(), () => true)
    })
  })

  runs.onState(closing.signal, ({ userId, id, state, message_id }) => {
    send(encode('run', { id, state, message_id }), listenerId => listenerId === userId)
  })

  return {
    listen: (asker, listener) => {
      listeners.set(listener, asker)
      // A device that was away learns at once whether it missed something.
      listener.write(poke())
      return () => listeners.delete(listener)
    },
    count: () => listeners.size,
    isLooking: browser => [...listeners.values()].some(asker => asker.browser === browser && asker.isLooking),
    close: () => {
      closing.abort()
      for (const listener of listeners.keys()) listener.end()
      listeners.clear()
    },
  }
}

function encode(event: string, data: unknown): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
