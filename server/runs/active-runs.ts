import { AppError } from '#shared/errors.ts'
import { errorFields, type Log } from '../log.ts'
import type { ActiveRun, StopReason } from './active-run.ts'

/** The runs that have not ended: who is running, who waits for a place, who waits for the answer it follows. */
export interface ActiveRuns {
  find(runId: string): ActiveRun | undefined
  /** Runs `execute` as soon as the answer it follows has ended and there is a place; `mark` hears when it has to wait, and when no longer. */
  add(run: ActiveRun, work: RunWork): void
  stop(run: ActiveRun, reason: StopReason): void
  /** Takes no new runs, stops the running ones, and resolves when their ends are written. Runs that wait are begun after the next start. */
  shutDown(): Promise<void>
}

type RunWork = {
  readonly execute: () => Promise<void>
  readonly mark: (state: 'queued' | 'starting') => void
}

type Place = { readonly userId: number; readonly take: () => void }

/** `mostAtOnce` answers of one person are written at a time; more wait for a place. */
export function createActiveRuns(mostAtOnce: number, log: Log): ActiveRuns {
  const runs = new Map<string, ActiveRun>()
  const runningOfUser = new Map<number, number>()
  const queue: Place[] = []
  const supervised = new Set<Promise<void>>()
  let isShuttingDown = false

  function takePlace(run: ActiveRun): Promise<boolean> {
    const userId = run.row.user_id
    const count = runningOfUser.get(userId) ?? 0
    if (count < mostAtOnce) {
      runningOfUser.set(userId, count + 1)
      return Promise.resolve(true)
    }
    return new Promise(resolve => {
      const place = { userId, take: () => resolve(true) }
      queue.push(place)
      run.abort.signal.addEventListener('abort', () => {
        const index = queue.indexOf(place)
        if (index >= 0) queue.splice(index, 1)
        resolve(false)
      })
    })
  }

  function leavePlace(run: ActiveRun): void {
    const userId = run.row.user_id
    const index = queue.findIndex(place => place.userId === userId)
    const [next] = index < 0 ? [] : queue.splice(index, 1)
    // A place is handed on; only when nobody waits does the count fall.
    if (next) next.take()
    else runningOfUser.set(userId, (runningOfUser.get(userId) ?? 1) - 1)
  }

  async function supervise(run: ActiveRun, { execute, mark }: RunWork, follows: ActiveRun | undefined): Promise<void> {
    const mustWait = follows !== undefined || (runningOfUser.get(run.row.user_id) ?? 0) >= mostAtOnce
    if (mustWait) mark('queued')
    if (follows) await Promise.race([follows.ended, whenAborted(run.abort.signal)])
    const hasPlace = run.abort.signal.aborted ? false : await takePlace(run)
    if (!hasPlace && run.stopReason === 'interrupted') return run.live.letGo()
    if (mustWait && hasPlace) mark('starting')
    try {
      await execute()
    } finally {
      if (hasPlace) leavePlace(run)
    }
  }

  function fail(run: ActiveRun, cause: unknown): void {
    log.error('run-failed', { run: run.row.id, ...errorFields(cause) })
    const message =
      'The end of the answer could not be written. What came is on the disk of your pi; a restart ends the run from it.'
    run.settleAccepted(new AppError('internal', message, { cause }))
    run.live.letGo()
  }

  return {
    find: runId => runs.get(runId),
    add: (run, work) => {
      if (isShuttingDown) {
        throw new AppError('shutting-down', 'The pi is going down. Ask again in a moment.', { retryable: true })
      }
      const follows = [...runs.values()].find(other => other.row.message_id === run.followsMessageId)
      runs.set(run.row.id, run)
      const end = supervise(run, work, follows)
        .catch((error: unknown) => fail(run, error))
        .finally(() => {
          runs.delete(run.row.id)
          supervised.delete(end)
        })
      supervised.add(end)
    },
    stop: (run, reason) => {
      run.stopReason = reason
      run.abort.abort()
    },
    shutDown: async () => {
      isShuttingDown = true
      for (const run of runs.values()) {
        run.stopReason = 'interrupted'
        run.abort.abort()
      }
      await Promise.all(supervised)
    },
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
