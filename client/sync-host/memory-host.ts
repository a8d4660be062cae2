import { type ReadonlySignal, signal } from '@preact/signals-core'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import { createMemoryDisk, type MemoryDisk } from '../database/memory-disk.ts'
import { openMemoryStore } from '../database/memory-store.ts'
import { onWake } from '../platform/connection-hints.ts'
import { isPageVisible } from '../platform/visibility.ts'
import { editLocally } from '../sync/local-edit.ts'
import { dismissLost } from '../sync/outbox.ts'
import type { SyncContext } from '../sync/sync-meta.ts'
import { createLeader, type LeaderOptions } from './leader.ts'
import { outboxSignal } from './outbox-signal.ts'
import { FIRST_STATUS, type SyncHost, type SyncHostOptions } from './sync-host.ts'

/** What a page without a database has instead. */
export type MemoryHost = Pick<SyncHost, 'status' | 'storage' | 'outbox' | 'edit' | 'dismiss' | 'open' | 'wake'> & {
  readonly disk: MemoryDisk
  /** Changes with the rows. */
  readonly version: ReadonlySignal<number>
}

/**
 * The sync of a page for which the browser stores nothing: the same engine, in the page itself, over rows in memory. Of the
 * messages only those that are opened are fetched, for they are fetched again with every page.
 */
export function createMemoryHost(
  options: Pick<SyncHostOptions, 'alive' | 'clock' | 'scheduler' | 'randomBytes' | 'onFault'> &
    Pick<LeaderOptions, 'fetch'>,
): MemoryHost {
  const { fetch, alive, clock, scheduler, randomBytes, onFault } = options
  const disk = createMemoryDisk()
  const turns = { later: null, atTurnEnd: (work: () => void) => void scheduler.after(0, work) }
  const context: SyncContext = { store: openMemoryStore(disk, turns), clock, randomBytes, rules: DEVICE_RULES }
  const version = signal(0)
  const status = signal(FIRST_STATUS)
  disk.onCommit = () => {
    version.value += 1
  }
  const leader = createLeader({
    context,
    fetch,
    scheduler,
    backfill: 'opened',
    isSeen: isPageVisible(),
    tell: news => {
      if (news.kind === 'status') status.value = news.status
    },
    onFault,
  })
  const wake = (): void => leader.obey({ kind: 'wake' })
  onWake(alive, wake)
  document.addEventListener('visibilitychange', () => leader.setSeen(isPageVisible()), { signal: alive })
  alive.addEventListener('abort', leader.stop, { once: true })
  return {
    disk,
    version,
    status,
    storage: signal({ kind: 'memory' } as const),
    outbox: outboxSignal(alive, { context, watch: listener => void version.subscribe(listener) }, onFault),
    edit: async work => {
      const result = await editLocally(context, work)
      leader.obey({ kind: 'edited', isUrgent: true })
      return result
    },
    dismiss: async mid => {
      const isDone = await dismissLost(context, mid)
      if (isDone) leader.obey({ kind: 'edited', isUrgent: true })
      return isDone
    },
    open: conversationId => leader.obey({ kind: 'open', conversationId }),
    wake,
  }
}
