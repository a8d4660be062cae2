import type { Clock, RandomBytes } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { makeId } from '#shared/ids.ts'
import type { Sqlite } from './open-database.ts'
import { insertRow, prepare } from './query.ts'

/** What a write may use: the connection, one time for the whole transaction, fresh ids and feed positions. */
export type WriteTransaction = {
  readonly sqlite: Sqlite
  readonly now: number
  makeId(): string
  /** The next position of the feed; call once for each row that changes. */
  nextRev(): number
}

export interface Writer {
  readonly sqlite: Sqlite
  /** The feed's newest position. */
  head(): number
  /**
   * Runs `work` in one immediate transaction, synchronously: allocation order of `rev` is commit order, so no reader of the
   * feed can miss a late commit. Listeners hear of it after the commit. Throws AppError `disk-full` when the disk is full.
   */
  write<Result>(work: (transaction: WriteTransaction) => Result): Result
  /** Calls `listener` with the new head after each commit that moved it, until `alive` aborts. */
  onCommit(alive: AbortSignal, listener: (head: number) => void): void
}

/** The one way into the database: every change of every table goes through here. */
export function createWriter(options: {
  readonly sqlite: Sqlite
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}): Writer {
  const { sqlite, clock, randomBytes } = options
  const listeners = new Set<(head: number) => void>()
  let head = prepare<{ head: number | null }>(sqlite, 'SELECT max(last_rev) AS head FROM history').get()?.head ?? 0

  function commit<Result>(work: (transaction: WriteTransaction) => Result): { result: Result; rev: number } {
    let rev = head
    const now = clock.now()
    const result = work({
      sqlite,
      now,
      makeId: () => makeId(now, randomBytes),
      nextRev: () => ++rev,
    })
    if (rev > head) {
      const nonce = Buffer.from(randomBytes(8)).toString('hex')
      insertRow(sqlite, 'history', { last_rev: rev, nonce })
    }
    return { result, rev }
  }

  return {
    sqlite,
    head: () => head,
    write: work => {
      const { result, rev } = inTransaction(sqlite, () => commit(work))
      if (rev > head) {
        head = rev
        for (const listener of listeners) listener(head)
      }
      return result
    },
    onCommit: (alive, listener) => {
      listeners.add(listener)
      alive.addEventListener('abort', () => listeners.delete(listener), { once: true })
    },
  }
}

function inTransaction<Result>(sqlite: Sqlite, work: () => Result): Result {
  try {
    return sqlite.transaction(work).immediate()
  } catch (error) {
    if (isDiskFull(error)) {
      throw new AppError('disk-full', 'The disk of your Pi is full. Nothing was saved; make room and try again.', {
        retryable: true,
        cause: error,
      })
    }
    throw error
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL'
}
