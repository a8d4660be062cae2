import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Clock } from '#shared/clock.ts'
import { watch } from '../signals/watch.ts'
import type { SyncStatus } from '../sync/sync-status.ts'

/** How a sync came out. */
export type SyncLogEntry = { readonly atMs: number; readonly link: SyncStatus['link']; readonly pending: number }

const MOST = 30

/** What the sync came to since this page was opened, the newest first. */
export function createSyncLog(
  alive: AbortSignal,
  status: ReadonlySignal<SyncStatus>,
  clock: Clock,
): ReadonlySignal<readonly SyncLogEntry[]> {
  const log = signal<readonly SyncLogEntry[]>([])
  watch(alive, status, now => {
    if (now.link === 'syncing') return
    const last = log.peek()[0]
    if (last?.link === now.link && last.pending === now.pending) return
    log.value = [{ atMs: clock.now(), link: now.link, pending: now.pending }, ...log.peek()].slice(0, MOST)
  })
  return log
}
