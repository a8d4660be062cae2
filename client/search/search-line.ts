import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { FindAnswer } from './find-answer.ts'
import type { FromSearchWorker, SearchState, ToSearchWorker } from './search-messages.ts'

export type SearchLineOptions = {
  readonly alive: AbortSignal
  readonly spawn: () => Worker
  readonly scheduler: Scheduler
  readonly databaseName: string
  readonly onFault: (cause: unknown) => void
}

/** The page's line to its search worker. */
export interface SearchLine {
  readonly state: ReadonlySignal<SearchState>
  /** What is found; null when something else was asked meanwhile. */
  find(text: string): Promise<FindAnswer | null>
}

/** The index has time: what the page needs first comes first. */
const START_AFTER_MS = 1500
const RETRY_MS = 5000

/** Starts the worker soon, or at the first question. One whose file could not be fetched is started again. */
export function openSearchLine(options: SearchLineOptions): SearchLine {
  const { alive, scheduler, databaseName, onFault } = options
  const state = signal<SearchState>({ kind: 'away' })
  let worker: Worker | null = null
  let isHeard = false
  let last = 0
  let waiting: { readonly question: ToSearchWorker; readonly resolve: (answer: FindAnswer | null) => void } | null =
    null

  function start(): Worker {
    const started = options.spawn()
    worker = started
    started.addEventListener('message', ({ data }: MessageEvent<FromSearchWorker>) => {
      isHeard = true
      hear(data)
    })
    started.addEventListener('error', ({ message }) => {
      // A file that was not fetched has nothing to say; a mistake in it has a message.
      if (isHeard || message) onFault(new AppError('internal', `The search of this page does not run: ${message}`))
      else startLater()
    })
    started.postMessage({ kind: 'begin', databaseName, isVisible: isPageVisible() } satisfies ToSearchWorker)
    if (waiting !== null) started.postMessage(waiting.question)
    return started
  }

  function startLater(): void {
    worker?.terminate()
    worker = null
    scheduler.after(RETRY_MS, startOnce)
  }

  function startOnce(): void {
    if (worker === null && !alive.aborted) start()
  }

  function hear(message: FromSearchWorker): void {
    switch (message.kind) {
      case 'state':
        state.value = message.state
        return
      case 'fault':
        onFault(new AppError('internal', `The search of this page reports: ${message.message}`))
        return
      case 'answer':
        if (message.id !== last) return
        waiting?.resolve(message.answer)
        waiting = null
        return
      default:
        message satisfies never
    }
  }

  scheduler.after(START_AFTER_MS, startOnce)
  alive.addEventListener('abort', () => worker?.terminate(), { once: true })
  document.addEventListener(
    'visibilitychange',
    () => worker?.postMessage({ kind: 'visibility', isVisible: isPageVisible() } satisfies ToSearchWorker),
    { signal: alive },
  )
  return {
    state,
    find: text => {
      waiting?.resolve(null)
      const question: ToSearchWorker = { kind: 'find', id: ++last, text }
      return new Promise(resolve => {
        waiting = { question, resolve }
        if (worker === null) startOnce()
        else worker.postMessage(question)
      })
    },
  }
}

function isPageVisible(): boolean {
  return document.visibilityState === 'visible'
}
