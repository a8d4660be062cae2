import { AppError } from '#shared/errors.ts'
import type { SyncStore, SyncTables, TransactionMode } from '../sync/sync-store.ts'
import { commit, type MemoryDisk, noWrites, putDiskAside, rowAt } from './memory-disk.ts'
import { createMemoryTables } from './memory-tables.ts'

/** When things happen that IndexedDB does in tasks of their own. */
export type Turns = {
  /** Calls back in a later task. Null: at once, in a microtask, which makes a whole transaction one task. */
  readonly later: ((work: () => void) => void) | null
  /** Calls back when the microtasks of the current task are done. */
  readonly atTurnEnd: (work: () => void) => void
}

/** One page's connection to a disk. A connection that was closed by a crash answers no more, and what it had not committed is gone. */
export type MemoryStore = SyncStore & { readonly crash: () => void }

/** A sync store that keeps its rows in memory, with transactions as IndexedDB has them. */
export function openMemoryStore(disk: MemoryDisk, turns: Turns): MemoryStore {
  let isAlive = true
  const own = new Set<{ abort: () => void }>()

  function transaction<Result>(mode: TransactionMode, work: (tables: SyncTables) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      disk.queue.push(() => {
        if (!isAlive) return next(disk)
        const running = runTransaction(disk, turns, { mode, work, resolve, reject, isAlive: () => isAlive })
        own.add(running)
        disk.active = running
      })
      if (disk.active === null) next(disk)
    })
  }

  return {
    transaction,
    putAside: device =>
      new Promise(resolve => {
        disk.queue.push(() => {
          if (!isAlive) return next(disk)
          if (rowAt(disk, 'meta', 'sync')?.device === device) putDiskAside(disk)
          next(disk)
          resolve()
        })
        if (disk.active === null) next(disk)
      }),
    crash: () => {
      isAlive = false
      for (const running of own) running.abort()
    },
  }
}

/** Begins the next transaction; one at a time, as IndexedDB does with transactions over the same tables. */
function next(disk: MemoryDisk): void {
  disk.active = null
  disk.queue.shift()?.()
}

type Work<Result> = {
  readonly mode: TransactionMode
  readonly work: (tables: SyncTables) => Promise<Result>
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
  readonly isAlive: () => boolean
}

function runTransaction<Result>(disk: MemoryDisk, turns: Turns, options: Work<Result>): { abort: () => void } {
  const writes = noWrites()
  let state: 'open' | 'committed' | 'aborted' = 'open'
  let waiting = 0
  let isCheckDue = false

  function end(as: 'committed' | 'aborted'): void {
    if (state !== 'open') return
    state = as
    if (as === 'committed') commit(disk, writes)
    next(disk)
  }

  /** IndexedDB commits by itself when a turn ends in which nothing more was asked. */
  function checkAtTurnEnd(): void {
    if (isCheckDue) return
    isCheckDue = true
    turns.atTurnEnd(() => {
      isCheckDue = false
      if (state !== 'open' || waiting > 0) return
      end('committed')
    })
  }

  function request<Answer>(answer: () => Answer): Promise<Answer> {
    if (state !== 'open') {
      return Promise.reject(new AppError('internal', 'The transaction is over: something else was awaited inside it.'))
    }
    waiting += 1
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        waiting -= 1
        if (state !== 'open' || !options.isAlive()) return
        try {
          resolve(answer())
        } catch (error) {
          end('aborted')
          reject(error)
        }
        checkAtTurnEnd()
      }
      if (turns.later === null) queueMicrotask(settle)
      else turns.later(settle)
    })
  }

  const tables = createMemoryTables(disk, writes, { request, isReadOnly: options.mode === 'read' })
  options.work(tables).then(
    result => {
      if (!options.isAlive()) return
      const hasWritten = Object.values(writes).some(({ size }) => size > 0)
      const refusal = hasWritten && state === 'open' ? disk.refuse(writes) : null
      if (refusal !== null) {
        end('aborted')
        return options.reject(refusal)
      }
      end('committed')
      options.resolve(result)
    },
    (error: unknown) => {
      end('aborted')
      if (options.isAlive()) options.reject(error)
    },
  )
  checkAtTurnEnd()
  return { abort: () => end('aborted') }
}
