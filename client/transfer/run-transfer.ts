import type { TransferAnswer, TransferEnd, TransferJob } from './transfer-messages.ts'

export type TransferRun = {
  /** Starts `workers/transfer-worker.ts`. */
  readonly spawn: () => Worker
  readonly alive: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Has a worker do one job; ends it, whatever it is doing, when `alive` does. */
export function runTransfer(
  job: TransferJob,
  { spawn, alive, onProgress }: TransferRun,
): Promise<TransferEnd | { readonly kind: 'stopped' }> {
  const worker = spawn()
  return new Promise(resolve => {
    const end = (answer: TransferEnd | { readonly kind: 'stopped' }): void => {
      worker.terminate()
      alive.removeEventListener('abort', stop)
      resolve(answer)
    }
    const stop = (): void => end({ kind: 'stopped' })
    worker.addEventListener('message', ({ data }: MessageEvent<TransferAnswer>) => {
      if (data.kind === 'progress') onProgress(data.done, data.total)
      else end(data)
    })
    worker.addEventListener('error', event => {
      const message = event.message === '' ? 'The part that does this could not be fetched.' : event.message
      end({
        kind: 'failed',
        error: { code: 'internal', message: `This came to an end by itself: ${message}`, retryable: true },
      })
    })
    if (alive.aborted) return stop()
    alive.addEventListener('abort', stop, { once: true })
    worker.postMessage(job)
  })
}
