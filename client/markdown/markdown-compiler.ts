import type { Scheduler } from '#shared/clock.ts'
import type { CompiledPiece, MarkdownPiece } from './markdown-tree.ts'

/** What became of a piece: its tree, or the news that there is none and the text is to be shown as it is. */
export type CompileOutcome =
  | { readonly state: 'compiled'; readonly piece: CompiledPiece }
  | { readonly state: 'failed'; readonly reason: 'timed-out' | 'worker-broken' }

/** Turns pieces of Markdown into trees. One serves every message of the page. */
export interface MarkdownCompiler {
  compile(piece: MarkdownPiece): Promise<CompileOutcome>
}

/** The part of a Web Worker that the compiler uses. */
export type MarkdownWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>

/** What the worker says: first that it is ready, then one answer for each piece. */
export type WorkerMessage = 'ready' | { readonly piece: CompiledPiece }

export type MarkdownCompilerOptions = {
  /** Starts a fresh worker whose script is `client/workers/markdown-worker.ts`. */
  readonly spawn: () => MarkdownWorker
  readonly scheduler: Scheduler
  /** Milliseconds a piece may take before its worker is ended and replaced. */
  readonly budgetMs?: number
  /** Milliseconds a worker may take to load its script. */
  readonly loadBudgetMs?: number
}

type Job = { readonly piece: MarkdownPiece; readonly settle: (outcome: CompileOutcome) => void }
type Line = { readonly worker: MarkdownWorker; isReady: boolean; isBusy: boolean }

/**
 * Compiles in a worker, one piece at a time in the order of the calls. Some texts take a parser minutes: a piece over its
 * budget ends the worker, fails, and the next piece gets a new worker.
 */
export function createMarkdownCompiler(options: MarkdownCompilerOptions): MarkdownCompiler {
  const { spawn, scheduler, budgetMs = 250, loadBudgetMs = 10_000 } = options
  const jobs: Job[] = []
  let line: Line | null = null
  let stopTimer = (): void => undefined

  function compile(piece: MarkdownPiece): Promise<CompileOutcome> {
    return new Promise(settle => {
      jobs.push({ piece, settle })
      work()
    })
  }

  function work(): void {
    const [job] = jobs
    if (job === undefined) return
    line ??= open()
    if (!line.isReady || line.isBusy) return
    line.isBusy = true
    line.worker.postMessage(job.piece)
    stopTimer = scheduler.after(budgetMs, () => fail('timed-out'))
  }

  function open(): Line {
    const opened: Line = { worker: spawn(), isReady: false, isBusy: false }
    opened.worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      // An answer may still be on its way from a worker that was ended.
      if (line === opened) hear(opened, data)
    })
    opened.worker.addEventListener('error', () => {
      if (line === opened) fail('worker-broken')
    })
    stopTimer = scheduler.after(loadBudgetMs, () => fail('worker-broken'))
    return opened
  }

  function hear(opened: Line, message: WorkerMessage): void {
    stopTimer()
    if (message === 'ready') opened.isReady = true
    else {
      opened.isBusy = false
      jobs.shift()?.settle({ state: 'compiled', piece: message.piece })
    }
    work()
  }

  function fail(reason: 'timed-out' | 'worker-broken'): void {
    stopTimer()
    line?.worker.terminate()
    line = null
    jobs.shift()?.settle({ state: 'failed', reason })
    work()
  }

  return { compile }
}
