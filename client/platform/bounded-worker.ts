import type { Scheduler } from '#shared/clock.ts'

/** What became of a question; without an answer, whether the worker took too long or could not be started. */
export type WorkerOutcome<Answer> =
  | { readonly state: 'answered'; readonly answer: Answer }
  | { readonly state: 'failed'; readonly reason: 'timed-out' | 'worker-broken' }

/** The part of a Web Worker that is used here. */
export type AskedWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>

/** What the worker says: first that it is ready, then one answer for each question. */
export type WorkerWord<Answer> = 'ready' | { readonly answer: Answer }

export type BoundedWorkerOptions = {
  /** Starts a fresh worker. */
  readonly spawn: () => AskedWorker
  readonly scheduler: Scheduler
  /** Milliseconds a question may take before its worker is ended and replaced. */
  readonly budgetMs: number
  /** Milliseconds a worker may take to load its script. */
  readonly loadBudgetMs?: number
  /** Starts a worker before the first question. */
  readonly isEager?: boolean
}

type Job<Question, Answer> = {
  readonly question: Question
  readonly settle: (outcome: WorkerOutcome<Answer>) => void
}
type Line = { readonly worker: AskedWorker; isReady: boolean; isBusy: boolean }

/**
 * Asks a worker one question at a time, in the order of the calls. Some texts take a parser minutes: a question over its
 * budget ends the worker, fails, and the next question gets a new worker.
 */
export function createBoundedWorker<Question, Answer>(
  options: BoundedWorkerOptions,
): (question: Question) => Promise<WorkerOutcome<Answer>> {
  const { spawn, scheduler, budgetMs, loadBudgetMs = 10_000 } = options
  const jobs: Job<Question, Answer>[] = []
  let line: Line | null = null
  let stopTimer = (): void => undefined

  function ask(question: Question): Promise<WorkerOutcome<Answer>> {
    return new Promise(settle => {
      jobs.push({ question, settle })
      work()
    })
  }

  function work(): void {
    const [job] = jobs
    if (job === undefined) return
    line ??= open()
    if (!line.isReady || line.isBusy) return
    line.isBusy = true
    line.worker.postMessage(job.question)
    stopTimer = scheduler.after(budgetMs, () => fail('timed-out'))
  }

  function open(): Line {
    const opened: Line = { worker: spawn(), isReady: false, isBusy: false }
    opened.worker.addEventListener('message', ({ data }: MessageEvent<WorkerWord<Answer>>) => {
      // An answer may still be on its way from a worker that was ended.
      if (line === opened) hear(opened, data)
    })
    opened.worker.addEventListener('error', () => {
      if (line === opened) fail('worker-broken')
    })
    stopTimer = scheduler.after(loadBudgetMs, () => fail('worker-broken'))
    return opened
  }

  function hear(opened: Line, word: WorkerWord<Answer>): void {
    stopTimer()
    if (word === 'ready') opened.isReady = true
    else {
      opened.isBusy = false
      jobs.shift()?.settle({ state: 'answered', answer: word.answer })
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

  if (options.isEager) line = open()
  return ask
}
