import { type ReadonlySignal, signal } from '@preact/signals-core'
import { listOutbox, type OutboxEntry } from '../sync/outbox.ts'
import type { SyncContext } from '../sync/sync-meta.ts'

/** The prompts that wait, read again whenever `watch` tells of a change. */
export function outboxSignal(
  alive: AbortSignal,
  { context, watch }: { readonly context: SyncContext; readonly watch: (listener: () => void) => void },
  onFault: (cause: unknown) => void,
): ReadonlySignal<readonly OutboxEntry[]> {
  const outbox = signal<readonly OutboxEntry[]>([])
  let isReading = false
  let isStale = false

  async function read(): Promise<void> {
    isStale = true
    if (isReading) return
    isReading = true
    try {
      while (isStale && !alive.aborted) {
        isStale = false
        const entries = await context.store.transaction('read', tables => listOutbox(tables, context))
        if (JSON.stringify(entries) !== JSON.stringify(outbox.peek())) outbox.value = entries
      }
    } finally {
      isReading = false
    }
  }

  const readAgain = (): void => void read().catch(onFault)
  watch(readAgain)
  readAgain()
  return outbox
}
