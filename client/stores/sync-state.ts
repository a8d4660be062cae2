import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import type { Failure } from '../api/outcome.ts'
import type { DeviceState } from '../device/device.ts'
import { watch } from '../signals/watch.ts'
import type { OutboxEntry } from '../sync/outbox.ts'
import type { SyncStatus } from '../sync/sync-status.ts'
import type { StorageState } from '../sync-host/sync-host.ts'

/** How this device stands to its server, for the parts of the page that tell it. */
export type SyncState = {
  /** Null until this device's data are open. */
  readonly status: ReadonlySignal<SyncStatus | null>
  readonly storage: ReadonlySignal<StorageState>
  readonly outbox: ReadonlySignal<readonly OutboxEntry[]>
  /** Changes that have been waiting for longer than a blink: what leaves at once is not worth a word. */
  readonly late: ReadonlySignal<number>
  /** The most of them since there were none: how far they have come. */
  readonly mostLate: ReadonlySignal<number>
  /** Why nothing comes from the server now; null while it may. */
  readonly failure: ReadonlySignal<Failure | null>
}

const BLINK_MS = 400
const KEPT: StorageState = { kind: 'kept' }

export function createSyncState(
  alive: AbortSignal,
  device: ReadonlySignal<DeviceState>,
  page: { readonly scheduler: Scheduler; readonly hasNetwork: () => boolean },
): SyncState {
  const open = computed(() => (device.value.state === 'open' ? device.value.device : null))
  const status = settled(
    alive,
    computed(() => open.value?.status.value ?? null),
  )
  const late = lateCount(
    alive,
    computed(() => status.value?.pending ?? 0),
    page.scheduler,
  )
  return {
    status,
    storage: computed(() => open.value?.storage.value ?? KEPT),
    outbox: computed(() => open.value?.outbox.value ?? []),
    late,
    mostLate: highest(alive, late),
    failure: computed(() => failureOf(status.value, page.hasNetwork)),
  }
}

/** The status without the moments of trying: a try that fails again has changed nothing. */
function settled(alive: AbortSignal, source: ReadonlySignal<SyncStatus | null>): ReadonlySignal<SyncStatus | null> {
  const status = signal(source.peek())
  watch(alive, source, next => {
    const before = status.peek()
    const isTrying = next?.link === 'syncing' && before !== null && next.lastSyncedAt === before.lastSyncedAt
    status.value = isTrying ? { ...next, link: before.link, problem: before.problem } : next
  })
  return status
}

function lateCount(alive: AbortSignal, count: ReadonlySignal<number>, scheduler: Scheduler): ReadonlySignal<number> {
  const late = signal(0)
  let cancel: (() => void) | null = null
  watch(alive, count, pending => {
    if (pending === 0 || late.peek() > 0) {
      cancel?.()
      cancel = null
      late.value = pending
      return
    }
    cancel ??= scheduler.after(BLINK_MS, () => {
      cancel = null
      late.value = count.peek()
    })
  })
  return late
}

function highest(alive: AbortSignal, count: ReadonlySignal<number>): ReadonlySignal<number> {
  const most = signal(0)
  watch(alive, count, now => {
    most.value = now === 0 ? 0 : Math.max(most.peek(), now)
  })
  return most
}

function failureOf(status: SyncStatus | null, hasNetwork: () => boolean): Failure | null {
  switch (status?.link) {
    case 'offline':
      return { kind: hasNetwork() ? 'silent' : 'offline' }
    case 'broken':
      return { kind: 'broken', status: null }
    case 'refused': {
      const { problem } = status
      return problem?.kind === 'server' ? { kind: 'refused', status: 0, error: problem.error } : null
    }
    default:
      return null
  }
}
