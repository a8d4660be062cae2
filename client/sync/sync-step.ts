import type { SyncRequest } from '#shared/wire/sync.ts'
import { applyPage } from './apply-page.ts'
import type { FirstLoad } from './first-load.ts'
import type { StepEnd } from './loop.ts'
import type { FeedPage, SyncFailure, SyncNet } from './ports.ts'
import { prepareRequest } from './prepare-request.ts'
import { beginRecovery, mergeNextRows } from './recover.ts'
import { becomeNewDevice } from './renumber.ts'
import { readMeta, type SyncContext } from './sync-meta.ts'
import type { StatusKeeper } from './sync-status.ts'
import type { SyncMeta, SyncTables } from './sync-store.ts'
import { countPending } from './untold.ts'

export const STEP: StepEnd = { next: 'step' }
export const REST: StepEnd = { next: 'rest' }
export const RETRY: StepEnd = { next: 'retry', atLeastMs: 0 }

export type StepOptions = {
  readonly context: SyncContext
  readonly net: SyncNet
  readonly status: StatusKeeper
  readonly firstLoad: FirstLoad
  readonly pageRows: number
  /** Hears where this device stands, once it knows the server and after each page. */
  readonly onApplied: (meta: SyncMeta) => void
}

type Plan =
  | { readonly kind: 'boot' }
  | { readonly kind: 'merged' }
  | { readonly kind: 'request'; readonly request: SyncRequest }

/** One exchange with the server, or one chunk of merging up. The network is never awaited inside a transaction. */
export function createSyncStep(options: StepOptions): (signal: AbortSignal) => Promise<StepEnd> {
  const { context, net, status, firstLoad } = options
  const { store } = context
  /** Whether the last call was answered. A prompt that is told to nobody must not count as sent: it could not be taken back any more. */
  let isReached = false

  async function step(signal: AbortSignal): Promise<StepEnd> {
    const plan = await store.transaction('durable-write', makePlan)
    if (plan.kind === 'merged') return STEP
    status.change({ link: 'syncing', problem: null })
    if (plan.kind === 'boot') {
      const end = await firstLoad.step(signal)
      isReached = end.kind !== 'offline' && end.kind !== 'broken'
      // The list can be fetched beside the feed's first page.
      if (end.kind === 'more') options.onApplied(await store.transaction('read', tables => readMeta(tables, context)))
      if (end.kind === 'more' || end.kind === 'done' || end.kind === 'stale' || end.kind === 'paused') return STEP
      return signal.aborted ? REST : fail(end)
    }
    const outcome = await net.sync(plan.request, signal)
    isReached = outcome.kind !== 'offline' && outcome.kind !== 'broken'
    if (outcome.kind === 'page') return takePage(plan.request, outcome.page)
    return signal.aborted ? REST : settle(plan.request, outcome)
  }

  async function makePlan(tables: SyncTables): Promise<Plan> {
    const meta = await readMeta(tables, context)
    if (meta.first_load.phase === 'boot') return { kind: 'boot' }
    if (meta.recovery?.phase === 'merging') {
      await mergeNextRows(tables, context)
      return { kind: 'merged' }
    }
    return { kind: 'request', request: await prepareRequest(tables, context, { ...options, isReached }) }
  }

  async function takePage(request: SyncRequest, page: FeedPage): Promise<StepEnd> {
    const taken = await store.transaction('write', async tables => {
      const end = await applyPage(tables, context, { request, page })
      const meta = await readMeta(tables, context)
      return { end, meta, pending: await countPending(tables, meta.ack[0]) }
    })
    if (taken.end === 'cloned') return leaveIdentity(request)
    if (taken.end === 'stale') return RETRY
    const { meta, pending } = taken
    options.onApplied(meta)
    status.change({ pending, lastSyncedAt: meta.synced_at })
    if (page.trailer.more || meta.recovery !== null) return STEP
    if (pending === 0) {
      status.change({ link: 'idle' })
      return REST
    }
    // What a push took along is acknowledged; a server that acknowledges nothing is asked again, but not at once.
    return meta.ack[0] > request.ack_n || request.muts.length === 0 ? STEP : RETRY
  }

  async function settle(request: SyncRequest, failure: SyncFailure): Promise<StepEnd> {
    switch (failure.kind) {
      case 'fork':
        if (failure.policy === 'replace') await store.putAside(request.device)
        else await store.transaction('durable-write', tables => beginRecovery(tables, context, { ...failure, request }))
        return STEP
      // Numbers that do not follow each other are cured like a copied device: all is told again under a new name.
      case 'gap':
      case 'cloned':
        return leaveIdentity(request)
      default:
        return fail(failure)
    }
  }

  async function leaveIdentity({ device }: SyncRequest): Promise<StepEnd> {
    await store.transaction('durable-write', tables => becomeNewDevice(tables, context, device))
    return RETRY
  }

  function fail(failure: SyncFailure): StepEnd {
    switch (failure.kind) {
      case 'offline':
        status.change({ link: 'offline' })
        return RETRY
      case 'broken':
        status.change({ link: 'broken', problem: { kind: 'not-understood' } })
        return RETRY
      case 'busy':
        status.change({ link: 'refused' })
        return { next: 'retry', atLeastMs: failure.retryAfterMs }
      case 'upgrade':
      case 'too-new':
        status.change({ link: 'refused', problem: { kind: failure.kind } })
        return { next: 'block' }
      case 'refused':
        status.change({ link: 'refused', problem: { kind: 'server', error: failure.error } })
        return failure.error.retryable ? RETRY : { next: 'block' }
      case 'fork':
      case 'gap':
      case 'cloned':
        return RETRY
      default:
        return failure satisfies never
    }
  }

  return step
}
