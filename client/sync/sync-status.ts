import type { ErrorDetail } from '#shared/errors.ts'

/** How this device stands to its server. Offline, refused and broken are three different things. */
export type SyncStatus = {
  readonly link: 'idle' | 'syncing' | 'offline' | 'refused' | 'broken' | 'stopped'
  /** Why it is refused or broken. `storage`: this device's own database does not take writes. */
  readonly problem: SyncProblem | null
  /** Changes that are not on the server yet. */
  readonly pending: number
  /** By the server's clock; null before the first time. */
  readonly lastSyncedAt: number | null
  /** Conversations whose messages are here, of all; null when all are. `isPaused`: the others come when they are opened. */
  readonly progress: { readonly loaded: number; readonly total: number; readonly isPaused: boolean } | null
}

export type SyncProblem =
  | { readonly kind: 'upgrade' | 'too-new' | 'not-understood' }
  | { readonly kind: 'server'; readonly error: ErrorDetail }
  | { readonly kind: 'storage-full' | 'storage-lost' }

export interface StatusSource {
  current(): SyncStatus
  /** Calls `listener` with each new status, until `alive` aborts. */
  watch(alive: AbortSignal, listener: (status: SyncStatus) => void): void
}

export type StatusKeeper = StatusSource & { readonly change: (change: Partial<SyncStatus>) => void }

export function createStatus(): StatusKeeper {
  let status: SyncStatus = { link: 'stopped', problem: null, pending: 0, lastSyncedAt: null, progress: null }
  const listeners = new Set<(status: SyncStatus) => void>()
  return {
    current: () => status,
    watch: (alive, listener) => {
      listeners.add(listener)
      alive.addEventListener('abort', () => listeners.delete(listener), { once: true })
    },
    change: change => {
      const next = { ...status, ...change }
      if (JSON.stringify(next) === JSON.stringify(status)) return
      status = next
      for (const listener of listeners) listener(status)
    },
  }
}
