import type { SyncStatus } from '../../sync/sync-status.ts'
import type { StorageState } from '../../sync-host/sync-host.ts'
import { formatClock } from '../format.ts'

export type SyncWords = { readonly words: string; readonly tone: '' | 'warn' | 'err' }

export type SyncView = {
  readonly status: SyncStatus | null
  readonly storage: StorageState
  /** True once the first copy of everything is complete. */
  readonly isAllHere: boolean
  /** Changes that have waited long enough to be worth a word, and the prompts among them. */
  readonly late: number
  readonly queuedPrompts: number
}

const NOTHING: SyncWords = { words: '', tone: '' }

/** The second field of the connection line. Empty while nothing is known. */
export function syncWords({ status, storage, isAllHere, late, queuedPrompts }: SyncView): SyncWords {
  if (status === null) return NOTHING
  if (storage.kind === 'reload' || status.problem !== null) return { words: '▲ sync stopped', tone: 'err' }
  if (late > 0) return { words: `↑ ${queuedPrompts > 0 ? queuedPrompts : late} queued`, tone: 'warn' }
  if (status.progress !== null) {
    return { words: `↓ ${status.progress.loaded} of ${status.progress.total}`, tone: '' }
  }
  if (status.lastSyncedAt === null || !isAllHere) return NOTHING
  const isCurrent = status.link === 'idle' || status.link === 'syncing'
  return { words: isCurrent ? '✓ synced' : `✓ synced ${formatClock(status.lastSyncedAt)}`, tone: '' }
}
