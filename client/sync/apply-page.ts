import type { SyncRequest, SyncTrailer } from '#shared/wire/sync.ts'
import { applyRows } from './apply-rows.ts'
import { isDelivered, readParcel, unpack } from './parcel.ts'
import type { FeedPage } from './ports.ts'
import { retireMutations } from './retire-mutations.ts'
import type { SyncContext } from './sync-meta.ts'
import type { SyncTables } from './sync-store.ts'
import { openUnit, type UnitOfWork } from './unit-of-work.ts'

/** `stale`: meanwhile this device is another one, or in another history; the page is nothing to it. */
export type PageEnd = 'applied' | 'stale' | 'cloned'

/** Takes a reply to `POST /api/sync` in, in the transaction given: rows, acknowledgements and cursor become durable together. */
export async function applyPage(
  tables: SyncTables,
  context: SyncContext,
  { request, page }: { readonly request: SyncRequest; readonly page: FeedPage },
): Promise<PageEnd> {
  const unit = await openUnit(tables, context)
  const { trailer } = page
  const { rules } = context
  if (request.device !== unit.meta.device || !rules.isSameHistory(trailer.epoch, unit.meta.epoch)) return 'stale'
  const parcel = await readParcel(tables)
  const delivered = parcel !== null && isDelivered(unit, parcel, page) ? parcel : null
  if (delivered === null) await unpack(unit)
  // As one range: the rows that follow ask for each of them.
  await unit.mutationsUpTo(trailer.ack[0], unit.meta.ack[0])
  const [acknowledged] = await unit.mutations([trailer.ack[0]])
  const mid = (delivered?.rows.at(-1) ?? acknowledged)?.mid ?? null
  if (!rules.isOwnAck(trailer.ack, mid, unit.meta)) return 'cloned'
  unit.change({ epoch: trailer.epoch, offset_ms: trailer.now - context.clock.now() })
  await applyRows(unit, page.rows)
  if (delivered !== null) await tables.parcels.delete([delivered.n])
  await acknowledge(unit, trailer)
  if (rules.mayAdvance(trailer.from, unit.meta.cursor)) {
    advance(unit, trailer)
    await retireMutations(unit, trailer.more)
  }
  await unit.flush()
  return 'applied'
}

async function acknowledge(unit: UnitOfWork, trailer: SyncTrailer): Promise<void> {
  const [n] = trailer.ack
  if (n <= unit.meta.ack[0]) return
  const results = new Map(trailer.results.map(({ n: number, result }) => [number, result]))
  for (const mutation of await unit.mutationsUpTo(n, unit.meta.ack[0])) {
    unit.putMutation({ ...mutation, sent: true, acked: trailer.head, result: results.get(mutation.n) ?? null })
  }
  unit.change({ ack: trailer.ack })
}

function advance(unit: UnitOfWork, trailer: SyncTrailer): void {
  unit.change({ cursor: unit.context.rules.nextCursor(trailer) })
  if (trailer.more) return
  unit.change({ synced_at: trailer.now })
  if (trailer.head >= unit.meta.listed_at) unit.change({ listed_at: 0 })
  if (unit.meta.recovery?.phase === 'pulling') {
    const { merge_n } = unit.meta.recovery
    unit.change({ recovery: { phase: 'merging', merge_n, kind: 'conversations', after: null } })
  }
}
