import type { Scheduler } from '#shared/clock.ts'
import type { CountReply, CountRequest } from '#shared/count-messages.ts'

/** Counts tokens exactly, away from the page's own thread. */
export interface TokenCounter {
  /** Tokens of each text as OpenAI's newer models cut it; null where this device cannot count now. */
  count(texts: readonly string[]): Promise<readonly number[] | null>
}

/** The part of a Web Worker that the counter uses. */
type TokenWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>

export type TokenCounterOptions = {
  /** Starts a fresh worker whose script is `client/workers/token-worker.ts`. */
  readonly spawn: () => TokenWorker
  readonly scheduler: Scheduler
  /** How long the worker, which holds much memory, outlives its last count. */
  readonly idleMs?: number
}

type Settle = (counts: readonly number[] | null) => void

/** Starts its worker when something is to be counted, and ends it when it has been idle. */
export function createTokenCounter(
  alive: AbortSignal,
  { spawn, scheduler, idleMs = 30_000 }: TokenCounterOptions,
): TokenCounter {
  const pending = new Map<number, Settle>()
  let worker: TokenWorker | null = null
  let stopTimer = (): void => undefined
  let lastId = 0

  function start(): TokenWorker {
    const started = spawn()
    started.addEventListener('message', ({ data }: MessageEvent<CountReply>) => {
      pending.get(data.id)?.(data.counts)
      pending.delete(data.id)
      if (pending.size === 0 && worker === started) stopTimer = scheduler.after(idleMs, end)
    })
    // Its script could not be fetched, or it ran out of memory: the next count tries again.
    started.addEventListener('error', () => {
      if (worker === started) end()
    })
    return started
  }

  function end(): void {
    stopTimer()
    worker?.terminate()
    worker = null
    for (const settle of pending.values()) settle(null)
    pending.clear()
  }

  alive.addEventListener('abort', end, { once: true })
  return {
    count: texts =>
      new Promise(resolve => {
        stopTimer()
        worker ??= start()
        const request: CountRequest = { id: ++lastId, texts }
        pending.set(request.id, resolve)
        worker.postMessage(request)
      }),
  }
}
