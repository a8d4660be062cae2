import type { Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { Command, FromWorker, News, ToWorker } from './worker-messages.ts'

export type WorkerLineOptions = {
  readonly alive: AbortSignal
  readonly spawn: () => Worker
  readonly scheduler: Scheduler
  readonly databaseName: string
  readonly isVisible: boolean
  readonly onNews: (news: News) => void
  readonly onFault: (cause: unknown) => void
}

/** The page's line to its worker. */
export interface WorkerLine {
  command(command: Command): void
  setVisible(isVisible: boolean): void
}

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000

/**
 * Starts the worker; it ends with `alive`. A worker whose file could not be fetched, as when the network goes right after the
 * page came, is started again until it runs: all that it needs to know is in the database.
 */
export function openWorkerLine(options: WorkerLineOptions): WorkerLine {
  const { alive, spawn, scheduler, databaseName, onNews, onFault } = options
  let { isVisible } = options
  let isHeard = false
  let retryMs = FIRST_RETRY_MS
  let worker = start()
  alive.addEventListener('abort', () => worker.terminate(), { once: true })

  function start(): Worker {
    const started = spawn()
    started.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      isHeard = true
      if (data.kind === 'news') onNews(data.news)
      else onFault(new AppError('internal', `The sync of this page reports: ${data.message}`))
    })
    started.addEventListener('error', ({ message }) => {
      // A file that was not fetched has nothing to say; a mistake in it has a message.
      if (isHeard || message) onFault(new AppError('internal', `The sync of this page does not run: ${message}`))
      else startLater()
    })
    started.postMessage({ kind: 'begin', databaseName, isVisible } satisfies ToWorker)
    return started
  }

  function startLater(): void {
    worker.terminate()
    scheduler.after(retryMs, () => {
      if (!alive.aborted) worker = start()
    })
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
  }

  return {
    command: command => worker.postMessage({ kind: 'command', command } satisfies ToWorker),
    setVisible: isNowVisible => {
      isVisible = isNowVisible
      worker.postMessage({ kind: 'visibility', isVisible } satisfies ToWorker)
    },
  }
}
