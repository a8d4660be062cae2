import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import { createDexieSyncStore } from '../database/dexie-sync-store.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { watchTables } from '../database/watch-tables.ts'
import { onWake } from '../platform/connection-hints.ts'
import type { LocalStore } from '../platform/local-store.ts'
import { isPageVisible } from '../platform/visibility.ts'
import { editLocally, type LocalEditor } from '../sync/local-edit.ts'
import { makeRoom, PAUSE_MS } from '../sync/make-room.ts'
import { confirmPrompt, dismissLost, type OutboxEntry } from '../sync/outbox.ts'
import type { SyncContext } from '../sync/sync-meta.ts'
import type { SyncStatus } from '../sync/sync-status.ts'
import { askPersistence } from './ask-persistence.ts'
import { outboxSignal } from './outbox-signal.ts'
import type { RunNews } from './parse.ts'
import { createStorageKeeper, type StorageState } from './storage-keeper.ts'
import { openWorkerLine } from './worker-line.ts'
import type { News } from './worker-messages.ts'

// Part of what the host says, and so of its face.
export type { StorageState } from './storage-keeper.ts'

/** The page's side of the sync: the user's acts go in, how things stand comes out. The engine itself runs in a worker. */
export interface SyncHost {
  readonly status: ReadonlySignal<SyncStatus>
  readonly storage: ReadonlySignal<StorageState>
  /** Prompts whose answers are not under way yet. */
  readonly outbox: ReadonlySignal<readonly OutboxEntry[]>
  /**
   * Does what `work` does to the rows in one transaction, which is on the disk when this resolves; then it leaves for the server,
   * a prompt at once. `work` awaits nothing but its editor. Throws AppError `disk-full`, or `internal` when the database is lost.
   */
  edit<Result>(work: (editor: LocalEditor) => Promise<Result>): Promise<Result>
  /** Asks a held prompt after all; false when it is not held any more. */
  confirm(mid: string): Promise<boolean>
  /** Lets go of something lost that the user has seen; false when it is gone already. */
  dismiss(mid: string): Promise<boolean>
  /** The user looks at this conversation: its messages are fetched before all others. */
  open(conversationId: string): void
  /** Tries the server now, whatever happened before. */
  wake(): void
  /** Calls `listener` at each change of a run, until `alive` aborts. */
  watchRuns(alive: AbortSignal, listener: (run: RunNews) => void): void
  /** To be called when `openLocalDatabase` says that the database closes (`onClosing`). */
  databaseClosing(reason: 'upgraded' | 'deleted'): void
}

export type SyncHostOptions = {
  readonly alive: AbortSignal
  readonly database: LocalDatabase
  /** Starts `workers/sync-worker.ts`. */
  readonly spawn: () => Worker
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  /** Remembers outside the database which one it was, so that an eviction is noticed. */
  readonly marker: LocalStore
  /** Hears of what should not happen. */
  readonly onFault: (cause: unknown) => void
}

/** What is known before the engine has said anything. */
export const FIRST_STATUS: SyncStatus = {
  link: 'stopped',
  problem: null,
  pending: 0,
  lastSyncedAt: null,
  progress: null,
}

/** Starts the sync of this page. */
export function createSyncHost(options: SyncHostOptions): SyncHost {
  const { alive, database, clock, scheduler, randomBytes, onFault } = options
  const store = createDexieSyncStore(database, { clock, scheduler })
  const context: SyncContext = { store, clock, randomBytes, rules: DEVICE_RULES }
  const status = signal(FIRST_STATUS)
  let openedId: string | null = null
  const storage = createStorageKeeper({
    ...options,
    makeRoom: () => makeRoom(context, { sparedId: openedId, pauseMs: PAUSE_MS }),
  })
  const runListeners = new Set<(run: RunNews) => void>()
  const line = openWorkerLine({ ...options, databaseName: database.name, isVisible: isPageVisible(), onNews: hear })
  let hasAskedPersistence = false

  function hear(news: News): void {
    if (news.kind === 'run') {
      for (const listener of runListeners) listener(news.run)
      return
    }
    status.value = news.status
    if (news.status.problem?.kind === 'storage-lost') storage.lost()
    else if (news.status.link === 'idle') storage.rested({ isShort: news.status.progress?.isPaused ?? false })
  }

  async function edit<Result>(work: (editor: LocalEditor) => Promise<Result>): Promise<Result> {
    const { result, asksRun, isUrgent } = await storage.write(() => editWatched(context, work))
    line.command({ kind: 'edited', isUrgent })
    if (asksRun && !hasAskedPersistence) {
      hasAskedPersistence = true
      askPersistence().catch(onFault)
    }
    return result
  }

  async function settleLost(act: typeof confirmPrompt | typeof dismissLost, mid: string): Promise<boolean> {
    const isDone = await storage.write(() => act(context, mid))
    if (isDone) line.command({ kind: 'edited', isUrgent: true })
    return isDone
  }

  // In whatever tab it changes.
  const watchLog = (listener: () => void): void => watchTables(alive, database, { tables: ['mut', 'lost'], listener })
  const wake = (): void => line.command({ kind: 'wake' })
  onWake(alive, wake)
  document.addEventListener('visibilitychange', () => line.setVisible(isPageVisible()), { signal: alive })

  return {
    status,
    storage: storage.state,
    outbox: outboxSignal(alive, { context, watch: watchLog }, onFault),
    edit,
    confirm: mid => settleLost(confirmPrompt, mid),
    dismiss: mid => settleLost(dismissLost, mid),
    open: conversationId => {
      openedId = conversationId
      line.command({ kind: 'open', conversationId })
    },
    wake,
    watchRuns: (listenerAlive, listener) => {
      runListeners.add(listener)
      listenerAlive.addEventListener('abort', () => runListeners.delete(listener), { once: true })
    },
    databaseClosing: storage.closing,
  }
}

type Edited<Result> = { readonly result: Result; readonly asksRun: boolean; readonly isUrgent: boolean }

/** Does the edit and says whether somebody waits for what it asks. */
async function editWatched<Result>(
  context: SyncContext,
  work: (editor: LocalEditor) => Promise<Result>,
): Promise<Edited<Result>> {
  let asksRun = false
  let isUrgent = false
  const result = await editLocally(context, editor =>
    work({
      ...editor,
      startRun: run => {
        asksRun = true
        isUrgent = true
        return editor.startRun(run)
      },
      cancelRun: runId => {
        isUrgent = true
        return editor.cancelRun(runId)
      },
    }),
  )
  return { result, asksRun, isUrgent }
}
