import type { MutationBody } from '#shared/sync-overlay.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import { creationClock, isLater } from '#shared/sync-rules.ts'
import { lostEntry } from './bury-row.ts'
import { serverNow } from './sync-meta.ts'
import type { StoredMutation } from './sync-store.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** R7, R8: lets go of the mutations that the server's rows now speak for, and keeps those it took without doing them. */
export async function retireMutations(unit: UnitOfWork, more: boolean): Promise<void> {
  const { rules } = unit.context
  const cursor = unit.meta.cursor?.[0] ?? 0
  const acknowledged = await unit.mutationsUpTo(unit.meta.ack[0])
  const retired = acknowledged.filter(({ acked }) => rules.mayRetire({ acked }, { cursor, more }))
  const refs = retired.flatMap(({ row }) => row ?? [])
  await unit.load(refs)
  for (const mutation of retired) await retire(unit, mutation)
  for (const ref of refs) {
    const shadow = unit.shadow(ref)
    if (shadow === null) continue
    if (shadow.pending.length > 0) await unit.rebuild([ref])
    else {
      unit.show(ref, shadow.row)
      unit.dropShadow(ref)
    }
  }
}

async function retire(unit: UnitOfWork, mutation: StoredMutation): Promise<void> {
  const { row: ref, n } = mutation
  unit.deleteMutation(n)
  if (ref === null) return
  const shadow = unit.shadow(ref)
  // A row that was buried has told its loss already.
  if (shadow === null || shadow.row?.purged) return unsettle(unit, mutation)
  if (mutation.result !== null || !isDone(mutation.body, shadow.row)) {
    await unit.tables.lost.put(lostEntry(unit, mutation, mutation.result ?? 'refused'))
    if (mutation.body.op === 'purge' && ref.kind === 'conversations') await bringBack(unit, ref.id)
  }
  return unsettle(unit, mutation)
}

/** A conversation that was not purged after all needs its messages again. */
async function bringBack(unit: UnitOfWork, id: string): Promise<void> {
  await unit.tables.unloaded.put({ id, updated_at: serverNow(unit.meta, unit.context) })
  if (unit.meta.first_load.phase === 'done') unit.change({ first_load: { phase: 'messages' } })
}

function unsettle(unit: UnitOfWork, { row: ref, n }: StoredMutation): void {
  const shadow = ref === null ? null : unit.shadow(ref)
  if (ref === null || shadow === null) return
  unit.setShadow(
    ref,
    shadow.row,
    shadow.pending.filter(number => number !== n),
  )
}

/**
 * Whether the server's row has taken a mutation in. The reply that said otherwise may have been lost, and is not repeated: the
 * row itself is the only witness.
 */
function isDone(body: MutationBody, server: SyncRow | null): boolean {
  switch (body.op) {
    case 'put':
    case 'run.start':
      return server !== null
    case 'set': {
      if (server === null) return false
      const created = creationClock(server)
      return Object.entries(body.set).every(([field, [, at]]) => !isLater(at, server.at[field] ?? created))
    }
    case 'purge':
      return server === null
    case 'run.cancel':
    case 'noop':
      return true
    default:
      return body satisfies never
  }
}
