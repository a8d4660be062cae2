import type { Boot } from '#shared/wire/sync.ts'
import { applyRows } from './apply-rows.ts'
import { createMessagePages } from './message-pages.ts'
import { openUnpacked } from './parcel.ts'
import type { FirstLoadKind, RowsPage, SyncFailure, SyncNet, SyncOutcome } from './ports.ts'
import { PAGE_ROWS } from './prepare-request.ts'
import { readMeta, type SyncContext, serverNow } from './sync-meta.ts'
import type { FirstLoad as Phase, SyncMeta, SyncTables } from './sync-store.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** `stale`: the page belongs to another history or was overtaken; the feed will tell. */
type LoadEnd =
  | { readonly kind: 'more' }
  | { readonly kind: 'done' }
  /** Conversations are left whose messages nobody asks for; they are fetched from `untilMs` on, where it is given. */
  | { readonly kind: 'paused'; readonly untilMs: number | null }
  | { readonly kind: 'stale' }
  | SyncFailure

/**
 * Fills an empty device: where the feed stands, then the newest conversations, the small kinds, and the messages conversation by
 * conversation, while the feed already brings what is new. Each page is one transaction with the place where the next begins.
 */
export interface FirstLoad {
  /** The next page. */
  step(signal: AbortSignal): Promise<LoadEnd>
  /** Fetches the messages of this conversation before all others. */
  prefer(conversationId: string): void
}

const KINDS = ['personas', 'settings', 'attachments', 'usage_logs'] as const satisfies readonly FirstLoadKind[]

const MESSAGES: Phase = { phase: 'messages' }

/** Which messages are fetched: all, or only those of conversations that somebody opens. */
export type Backfill = 'all' | 'opened'

export function createFirstLoad(context: SyncContext, net: SyncNet, backfill: Backfill = 'all'): FirstLoad {
  const { store } = context
  const pages = createMessagePages(net, {
    look: preferred =>
      store.transaction('read', async tables => ({
        isPaused: pauseOf(await readMeta(tables, context), context, backfill) !== 'none',
        isWanted: preferred !== null && (await tables.unloaded.get(preferred)) !== undefined,
      })),
    waiting: () => store.transaction('read', tables => tables.unloaded.range({})),
  })

  /** What the last page was checked against as it was stored: it needs no look of its own, and the next page will be checked again. */
  let checked: Phase | null = null

  async function step(signal: AbortSignal): Promise<LoadEnd> {
    const phase =
      checked ?? (await store.transaction('read', async tables => (await readMeta(tables, context)).first_load))
    checked = null
    switch (phase.phase) {
      case 'boot':
        return boot(await net.boot(signal))
      case 'conversations':
        return takeList(phase, await net.conversationRows(phase.before, signal))
      case 'listed':
        return boot(await net.boot(signal))
      case 'kind':
        return takeList(phase, await net.kindRows(phase.kind, phase.before, signal))
      case 'messages':
        return loadMessages(signal)
      case 'done':
        return { kind: 'done' }
      default:
        return phase satisfies never
    }
  }

  async function boot(outcome: SyncOutcome<Boot>): Promise<LoadEnd> {
    if (outcome.kind !== 'page') return outcome
    return store.transaction('write', tables => applyBoot(tables, context, outcome.page))
  }

  /** A page in transactions of a few hundred rows, the last one with `finishPage`: until then the page may come again. */
  async function takeRows(
    phase: Phase,
    outcome: SyncOutcome<RowsPage>,
    finishPage: (unit: UnitOfWork, page: RowsPage) => Promise<void>,
  ): Promise<LoadEnd> {
    if (outcome.kind !== 'page') return outcome
    const { page } = outcome
    for (let begin = 0; begin === 0 || begin < page.rows.length; begin += PAGE_ROWS) {
      const isTaken = await store.transaction('write', async tables => {
        const unit = await openUnpacked(tables, context)
        if (isOvertaken(unit, phase, page)) return false
        await applyRows(unit, page.rows.slice(begin, begin + PAGE_ROWS))
        if (begin + PAGE_ROWS >= page.rows.length) await finishPage(unit, page)
        await unit.flush()
        return true
      })
      if (!isTaken) return { kind: 'stale' }
    }
    return { kind: 'more' }
  }

  function takeList(phase: Phase, outcome: SyncOutcome<RowsPage>): Promise<LoadEnd> {
    return takeRows(phase, outcome, async (unit, { trailer }) =>
      unit.change({ first_load: phaseAfter(phase, trailer.before) }),
    )
  }

  async function loadMessages(signal: AbortSignal): Promise<LoadEnd> {
    const outcome = await pages.next(signal)
    if (outcome === null) return store.transaction('write', tables => finish(tables, context, backfill))
    const end = await takeRows(MESSAGES, outcome, (unit, { trailer }) => unit.tables.unloaded.delete(trailer.done))
    if (end.kind !== 'more') return end
    pages.confirm()
    checked = MESSAGES
    return end
  }

  return {
    step,
    prefer: pages.prefer,
  }
}

async function applyBoot(tables: SyncTables, context: SyncContext, boot: Boot): Promise<LoadEnd> {
  const meta = await readMeta(tables, context)
  if (meta.first_load.phase === 'listed' && context.rules.isSameHistory(boot.epoch, meta.epoch)) {
    await tables.meta.put({ ...meta, first_load: firstKind(), listed_at: boot.head[0] })
    return { kind: 'more' }
  }
  if (meta.first_load.phase !== 'boot') return { kind: 'stale' }
  await tables.meta.put({
    ...meta,
    epoch: boot.epoch,
    cursor: boot.head,
    offset_ms: boot.now - context.clock.now(),
    first_load: { phase: 'conversations', before: null },
    listed_at: Number.MAX_SAFE_INTEGER,
  })
  return { kind: 'more' }
}

async function finish(tables: SyncTables, context: SyncContext, backfill: Backfill): Promise<LoadEnd> {
  const meta = await readMeta(tables, context)
  if ((await tables.unloaded.count()) > 0) {
    const pause = pauseOf(meta, context, backfill)
    return pause === 'none' ? { kind: 'more' } : { kind: 'paused', untilMs: pause.untilMs }
  }
  if (meta.first_load.phase === 'messages') await tables.meta.put({ ...meta, first_load: { phase: 'done' } })
  return { kind: 'done' }
}

/** Whether messages wait until somebody asks for them. */
export function pauseOf(
  meta: SyncMeta,
  context: SyncContext,
  backfill: Backfill,
): 'none' | { readonly untilMs: number | null } {
  if (backfill === 'opened') return { untilMs: null }
  const { paused_until = 0 } = meta
  return paused_until <= serverNow(meta, context) ? 'none' : { untilMs: paused_until - meta.offset_ms }
}

function isOvertaken(unit: UnitOfWork, phase: Phase, page: RowsPage): boolean {
  const { rules } = unit.context
  if (!rules.isSameHistory(page.trailer.epoch, unit.meta.epoch)) return true
  return JSON.stringify(unit.meta.first_load) !== JSON.stringify(phase)
}

function phaseAfter(phase: Phase, before: string | null): Phase {
  if (phase.phase === 'conversations') return before === null ? { phase: 'listed' } : { ...phase, before }
  if (phase.phase !== 'kind') return phase
  if (before !== null) return { ...phase, before }
  const kind = KINDS[KINDS.indexOf(phase.kind) + 1]
  return kind === undefined ? { phase: 'messages' } : { phase: 'kind', kind, before: null }
}

function firstKind(): Phase {
  return { phase: 'kind', kind: KINDS[0], before: null }
}
