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
  /** The most changes that waited since there were none. */
  readonly mostLate: number
  readonly queuedPrompts: number
}

const NOTHING: SyncWords = { words: '', tone: '' }

/** The second field of the connection line. Empty while nothing is known. */
export function syncWords(view: SyncView): SyncWords {
  const { status, storage, isAllHere, late } = view
  if (status === null) return NOTHING
  if (storage.kind === 'reload' || status.problem !== null) return { words: '▲ sync stopped', tone: 'err' }
  const isCurrent = status.link === 'idle' || status.link === 'syncing'
  if (late > 0) return { words: `↑ ${leavingWords(view, isCurrent)}`, tone: 'warn' }
  if (storage.kind === 'memory') return { words: '▲ not kept here', tone: 'warn' }
  const { progress } = status
  if (progress?.isPaused === false) return { words: `↓ ${progress.loaded} of ${progress.total}`, tone: '' }
  if (status.lastSyncedAt === null || !(isAllHere || progress?.isPaused)) return NOTHING
  return { words: isCurrent ? '✓ synced' : `✓ synced ${formatClock(status.lastSyncedAt)}`, tone: '' }
}

/** What waits, or how far it has come while it leaves in several parts. */
function leavingWords({ late, mostLate, queuedPrompts }: SyncView, isCurrent: boolean): string {
  if (isCurrent && late < mostLate) return `${mostLate - late} of ${mostLate}`
  return `${queuedPrompts > 0 ? queuedPrompts : late} queued`
}
