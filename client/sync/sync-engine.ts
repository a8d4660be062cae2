import type { Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { isRowKind } from '#shared/wire/sync.ts'
import { applyRows } from './apply-rows.ts'
import { type Backfill, createFirstLoad, pauseOf } from './first-load.ts'
import { createLoop, type StepEnd } from './loop.ts'
import { makeRoom, PAUSE_MS } from './make-room.ts'
import { openUnpacked } from './parcel.ts'
import type { SyncNet } from './ports.ts'
import { PAGE_ROWS } from './prepare-request.ts'
import { readMeta, type SyncContext } from './sync-meta.ts'
import { createStatus, type StatusSource, type SyncProblem, type SyncStatus } from './sync-status.ts'
import { createSyncStep, REST, RETRY, STEP } from './sync-step.ts'
import type { SyncMeta, SyncTables } from './sync-store.ts'
import { countPending } from './untold.ts'

export interface SyncEngine {
  readonly status: StatusSource
  start(): void
  /** The user has changed something; a prompt is urgent. */
  edited(change: { readonly isUrgent: boolean }): void
  /** The server says that its feed has come to `rev` (`GET /api/live`). */
  poke(at: { readonly epoch: string; readonly rev: number }): void
  /** The page is visible again, or the network is back. */
  wake(): void
  /** The user looks at a conversation: its messages first. */
  open(conversationId: string): void
  /** Ends for good; a call that is under way is dropped. */
  stop(): void
}

export type EngineOptions = {
  readonly context: SyncContext
  readonly net: SyncNet
  readonly scheduler: Scheduler
  /** Hears of what should not happen: a fault of this program, or of the browser's database. */
  readonly onFault: (cause: unknown) => void
  /** Rows a page; one transaction writes a page. */
  readonly pageRows?: number
  readonly backfill?: Backfill
  /** Lets go of room that was kept for a full device; false when there was none. */
  readonly freeReserve?: () => Promise<boolean>
  /** For how long a device that was full fetches nothing that nobody looks at. */
  readonly pauseMs?: number
}

const DEBOUNCE_MS = 50
/** Counting the chats of a large device takes as long as storing a part of a page. */
const PROGRESS_EVERY_MS = 500

/** Keeps one store and one server the same. Any number of engines may work on one store: the rules make that harmless. */
export function createSyncEngine(options: EngineOptions): SyncEngine {
  const { context, net, scheduler, onFault, pageRows = PAGE_ROWS, backfill = 'all', pauseMs = PAUSE_MS } = options
  const { store, randomBytes } = context
  const status = createStatus()
  const firstLoad = createFirstLoad(context, net, backfill)
  const life = new AbortController()
  let known: SyncMeta | null = null
  let isReplayed = false
  let openedId: string | null = null
  let progressAt = Number.NEGATIVE_INFINITY
  let stopPause = (): void => undefined

  const syncStep = createSyncStep({ context, net, status, firstLoad, pageRows, onApplied })
  const loop = createLoop({ step: () => guard(step), scheduler, randomBytes })
  const loadLoop = createLoop({ step: () => guard(loadStep), scheduler, randomBytes })

  async function step(): Promise<StepEnd> {
    if (!isReplayed) await store.transaction('write', tables => replayUnknown(tables, context))
    isReplayed = true
    return syncStep(life.signal)
  }

  function onApplied(meta: SyncMeta): void {
    known = meta
    if (meta.first_load.phase !== 'done') loadLoop.trigger(0)
  }

  async function loadStep(): Promise<StepEnd> {
    const phase = known?.first_load.phase
    if (phase === undefined || phase === 'boot' || known?.recovery !== null) return REST
    const end = await firstLoad.step(life.signal)
    await showProgress(end.kind !== 'more')
    switch (end.kind) {
      case 'more':
        return STEP
      case 'done':
        return REST
      case 'paused':
        stopPause()
        if (end.untilMs !== null) {
          stopPause = scheduler.after(end.untilMs - context.clock.now(), () => loadLoop.trigger(0))
        }
        return REST
      case 'stale':
        loop.wake()
        return RETRY
      case 'busy':
        return { next: 'retry', atLeastMs: end.retryAfterMs }
      case 'upgrade':
      case 'too-new':
        return { next: 'block' }
      default:
        return RETRY
    }
  }

  async function showProgress(isEnd: boolean): Promise<void> {
    const now = context.clock.now()
    if (!isEnd && Math.abs(now - progressAt) < PROGRESS_EVERY_MS) return
    progressAt = now
    status.change({ progress: await store.transaction('read', readProgress) })
  }

  async function readProgress(tables: SyncTables): Promise<SyncStatus['progress']> {
    const meta = await readMeta(tables, context)
    if (meta.first_load.phase === 'done') return null
    const total = await tables.conversations.count()
    const isPaused = pauseOf(meta, context, backfill) !== 'none'
    return { total, loaded: total - (await tables.unloaded.count()), isPaused }
  }

  async function guard(step: () => Promise<StepEnd>): Promise<StepEnd> {
    try {
      return await step()
    } catch (cause) {
      if (isDiskFull(cause) && (await hasMadeRoom())) return RETRY
      onFault(cause)
      status.change({ link: 'broken', problem: problemOf(cause) })
      return RETRY
    }
  }

  async function hasMadeRoom(): Promise<boolean> {
    const room = { sparedId: openedId, pauseMs }
    try {
      return await makeRoom(context, room).catch(async (cause: unknown) => {
        // There may not even be room for the note of what was taken away.
        if (!isDiskFull(cause) || !(await options.freeReserve?.())) throw cause
        return makeRoom(context, room)
      })
    } catch (cause) {
      // Whoever called says that this device is full.
      if (!isDiskFull(cause)) onFault(cause)
      return false
    }
  }

  async function tellPending(): Promise<void> {
    const pending = await store.transaction('read', async tables => {
      const meta = await readMeta(tables, context)
      return countPending(tables, meta.ack[0])
    })
    status.change({ pending })
  }

  return {
    status,
    start: () => {
      status.change({ link: 'idle' })
      loop.wake()
    },
    edited: ({ isUrgent }) => {
      tellPending().catch(onFault)
      loop.trigger(isUrgent ? 0 : DEBOUNCE_MS)
    },
    poke: ({ epoch, rev }) => {
      const isKnown = known?.epoch === epoch && rev <= (known.cursor?.[0] ?? 0)
      if (!isKnown) loop.wake()
    },
    wake: () => {
      loop.wake()
      loadLoop.wake()
    },
    open: id => {
      openedId = id
      firstLoad.prefer(id)
      loadLoop.trigger(0)
    },
    stop: () => {
      stopPause()
      loop.stop()
      loadLoop.stop()
      life.abort()
      status.change({ link: 'stopped' })
    },
  }
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof AppError && cause.code === 'disk-full'
}

function problemOf(cause: unknown): SyncProblem {
  return isDiskFull(cause) ? { kind: 'storage-full' } : { kind: 'storage-lost' }
}

/** I14: rows that an older version of this program could not name, and this one can. */
async function replayUnknown(tables: SyncTables, context: SyncContext): Promise<void> {
  const waiting = await tables.unknown.range({})
  const readable = waiting.filter(({ kind }) => isRowKind(kind))
  if (readable.length === 0) return
  const unit = await openUnpacked(tables, context)
  await applyRows(
    unit,
    readable.filter(({ era }) => era === unit.meta.era).map(({ line }) => line),
  )
  await unit.flush()
  await tables.unknown.delete(readable.map(({ kind, id }) => [kind, id] as const))
}
