import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { LocalDatabase } from '../database/local-database.ts'
import { watchTables } from '../database/watch-tables.ts'
import { listOutbox, type OutboxEntry } from '../sync/outbox.ts'
import type { SyncContext } from '../sync/sync-meta.ts'

/** The prompts that wait, read again whenever the log changes, in whatever tab. */
export function outboxSignal(
  alive: AbortSignal,
  { context, database }: { readonly context: SyncContext; readonly database: LocalDatabase },
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
  watchTables(alive, database, { tables: ['mut', 'lost'], listener: readAgain })
  readAgain()
  return outbox
}
