import type { SyncRow } from '#shared/sync-row.ts'
import { readParcel } from './parcel.ts'
import { messagesOf } from './row-tables.ts'
import { readMeta, type SyncContext, serverNow } from './sync-meta.ts'
import type { SyncMeta, SyncTables } from './sync-store.ts'

/** Conversations that one transaction unloads: a quarter of those that are here, and never more than it can hold. */
const PART = 4
const MOST_AT_ONCE = 200
/** A browser gives a page more room only when somebody has tidied up. */
export const PAUSE_MS = 6 * 60 * 60 * 1000

type Options = {
  /** The conversation on the screen. */
  readonly sparedId: string | null
  /** For how long nothing is fetched that nobody looks at. */
  readonly pauseMs: number
}

/**
 * Takes the messages of the conversations that were touched longest ago off a device that is full: the server has them, and they
 * come back when they are opened. What waits to be sent stays, and so does the list. False when there is nothing to take.
 */
export function makeRoom(context: SyncContext, { sparedId, pauseMs }: Options): Promise<boolean> {
  return context.store.transaction('write', async tables => {
    const meta = await readMeta(tables, context)
    const gone: SyncRow[] = []
    const unneeded = await listUnneeded(tables, sparedId)
    const count = Math.min(Math.ceil(unneeded.length / PART), MOST_AT_ONCE)
    for (const row of unneeded) {
      if (gone.length === count) break
      if (await isUnloadable(tables, meta, row.id)) gone.push(row)
    }
    if (gone.length === 0) return false
    for (const { id } of gone) await tables.messages.deleteRange(messagesOf(id))
    await tables.unloaded.putMany(gone.map(({ id, updated_at }) => ({ id, updated_at: Number(updated_at) })))
    const first_load = meta.first_load.phase === 'done' ? ({ phase: 'messages' } as const) : meta.first_load
    await tables.meta.put({ ...meta, first_load, paused_until: serverNow(meta, context) + pauseMs })
    return true
  })
}

/** Conversations that are here, without work that waits, the one that was touched longest ago first. */
async function listUnneeded(tables: SyncTables, sparedId: string | null): Promise<readonly SyncRow[]> {
  const shadows = await tables.shadow.range({})
  const busy = new Set(shadows.map(({ kind, id, conversation_id }) => (kind === 'messages' ? conversation_id : id)))
  const untold = new Set((await tables.untold.range({})).map(({ id }) => id))
  for (const { conversation_id, id } of (await readParcel(tables))?.rows ?? []) untold.add(conversation_id ?? id)
  const unloaded = new Set((await tables.unloaded.range({})).map(({ id }) => id))
  const rows = await tables.conversations.range({})
  return rows
    .filter(({ id, purged }) => !purged && id !== sparedId && !busy.has(id) && !untold.has(id) && !unloaded.has(id))
    .toSorted((left, right) => Number(left['updated_at']) - Number(right['updated_at']))
}

/** While a restored server is read, a message may be here and nowhere else (R11). */
async function isUnloadable(tables: SyncTables, meta: SyncMeta, id: string): Promise<boolean> {
  if ((await tables.messages.count(messagesOf(id))) === 0) return false
  if (meta.recovery === null) return true
  return (await tables.messages.range(messagesOf(id))).every(({ era }) => era === meta.era)
}
