import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { RandomBytes, Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { dropBallast, layBallast } from '../database/ballast.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { isConnectionLost } from '../database/store-errors.ts'
import type { LocalStore } from '../platform/local-store.ts'
import { wasEvicted } from './install-marker.ts'

/** How the data of this device stand. */
export type StorageState =
  | { readonly kind: 'kept' }
  /** The browser stores nothing for this page: all of it is gone with the page. */
  | { readonly kind: 'memory' }
  /** The browser has thrown them away: what the server has is being fetched again, what was not sent is gone. */
  | { readonly kind: 'evicted' }
  /** Nothing is written any more until the page is loaded anew: another tab runs a newer version, or the database answers no more. */
  | { readonly kind: 'reload'; readonly reason: 'upgraded' | 'lost' }

export type StorageKeeperOptions = {
  readonly database: LocalDatabase
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  readonly marker: LocalStore
  /** Takes from this device what the server can give again; false when there is nothing to take. */
  readonly makeRoom: () => Promise<boolean>
  readonly onFault: (cause: unknown) => void
}

/** Watches over the database of this page. */
export interface StorageKeeper {
  readonly state: ReadonlySignal<StorageState>
  /** Does a write of the user, with the room of the ballast where there is no other, then with that of old chats. */
  write<Result>(work: () => Promise<Result>): Promise<Result>
  /** The database does not answer. */
  lost(): void
  /** The database answers, and the sync has nothing to do, or no room to do it. */
  rested(how: { readonly isShort: boolean }): void
  /** The database closes by itself. */
  closing(reason: 'upgraded' | 'deleted'): void
}

export function createStorageKeeper(options: StorageKeeperOptions): StorageKeeper {
  const { database, scheduler, randomBytes, marker, makeRoom, onFault } = options
  const state = signal<StorageState>({ kind: 'kept' })
  let hasBallast = false

  function lost(): void {
    if (state.peek().kind !== 'reload') state.value = { kind: 'reload', reason: 'lost' }
  }

  async function look(): Promise<void> {
    if (await wasEvicted(database, marker)) state.value = { kind: 'evicted' }
  }

  async function writeInRoom<Result>(work: () => Promise<Result>, full: unknown): Promise<Result> {
    if (await dropBallast(database)) {
      try {
        return await work()
      } catch (error) {
        if (!isFull(error)) throw error
      }
    }
    if (!(await makeRoom())) throw full
    return work()
  }

  look().catch(onFault)
  return {
    state,
    lost,
    write: async work => {
      try {
        return await work()
      } catch (error) {
        if (isConnectionLost(error)) lost()
        if (!isFull(error)) throw error
        return writeInRoom(work, error)
      }
    },
    rested: ({ isShort }) => {
      const now = state.peek()
      // A database that was lost may answer again. A newer one stays newer.
      if (now.kind === 'reload' && now.reason === 'lost') state.value = { kind: 'kept' }
      // The ballast would take the room that is looked for.
      if (isShort) hasBallast = false
      if (isShort || hasBallast) return
      hasBallast = true
      layBallast(database, randomBytes).catch(onFault)
    },
    closing: reason => {
      if (reason === 'upgraded') state.value = { kind: 'reload', reason }
      // It closes in this task and is opened again by the next use, which is this look.
      else scheduler.after(0, () => void look().catch(onFault))
    },
  }
}

function isFull(error: unknown): boolean {
  return error instanceof AppError && error.code === 'disk-full'
}
