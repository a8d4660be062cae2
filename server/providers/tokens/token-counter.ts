import { Worker } from 'node:worker_threads'
import type { CountReply, CountRequest } from '#shared/count-messages.ts'
import { estimateTokens } from '#shared/token-estimate.ts'

export interface TokenCounter {
  /** Tokens of each text as OpenAI's newer models cut it; rough figures if the worker fails. Never rejects. */
  count(texts: readonly string[]): Promise<readonly number[]>
  /** Ends the worker; what is still being counted gets rough figures. */
  close(): Promise<void>
}

type Options = {
  /** How long the worker, which holds some 150 MB, outlives its last count. */
  readonly idleMs?: number
  readonly startWorker?: () => Worker
}

type Pending = { readonly texts: readonly string[]; readonly resolve: (counts: readonly number[]) => void }

/** Counts in a worker thread that starts when first needed and gives its memory back when it has been idle. */
export function createTokenCounter({ idleMs = 60_000, startWorker = startTokenWorker }: Options = {}): TokenCounter {
  const pending = new Map<number, Pending>()
  let worker: Worker | null = null
  let idleTimer: NodeJS.Timeout | undefined
  let lastId = 0

  function running(): Worker {
    if (worker) return worker
    const started = startWorker()
    started.on('message', (reply: CountReply) => settle(started, reply))
    started.on('error', () => giveUp(started))
    started.on('exit', () => giveUp(started))
    worker = started
    return started
  }

  function settle(from: Worker, { id, counts }: CountReply): void {
    pending.get(id)?.resolve(counts)
    pending.delete(id)
    if (pending.size > 0 || from !== worker) return
    // Only a count in progress may keep the process alive.
    from.unref()
    idleTimer = setTimeout(() => void end(), idleMs).unref()
  }

  /** A worker that is gone answers nothing more: a rough figure is better than none, and the next count starts afresh. */
  function giveUp(from: Worker): void {
    if (from !== worker) return
    worker = null
    clearTimeout(idleTimer)
    for (const { texts, resolve } of pending.values()) resolve(texts.map(estimateTokens))
    pending.clear()
  }

  async function end(): Promise<void> {
    const ending = worker
    if (!ending) return
    giveUp(ending)
    await ending.terminate()
  }

  return {
    count(texts) {
      if (texts.length === 0) return Promise.resolve([])
      clearTimeout(idleTimer)
      const { promise, resolve } = Promise.withResolvers<readonly number[]>()
      const request: CountRequest = { id: ++lastId, texts }
      const counting = running()
      pending.set(request.id, { texts, resolve })
      counting.ref()
      counting.postMessage(request)
      return promise
    },
    close: end,
  }
}

function startTokenWorker(): Worker {
  return new Worker(new URL('./token-worker.ts', import.meta.url))
}
