import { newId } from './sync-meta.ts'
import type { StoredMutation } from './sync-store.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** R2: leaves nothing of a mutation but its number, so that those behind it keep theirs; its row shows what is left. */
export async function takeBackMutation(unit: UnitOfWork, mutation: StoredMutation): Promise<StoredMutation> {
  const { row, n } = mutation
  const emptied: StoredMutation = { ...mutation, mid: newId(unit.context), body: { op: 'noop' }, row: null }
  unit.putMutation(emptied)
  if (row === null) return emptied
  await unit.load([row])
  const shadow = unit.shadow(row)
  if (shadow === null) return emptied
  const pending = shadow.pending.filter(number => number !== n)
  if (pending.length > 0) {
    unit.setShadow(row, shadow.row, pending)
    await unit.rebuild([row])
  } else {
    unit.show(row, shadow.row)
    unit.dropShadow(row)
  }
  return emptied
}

/** Takes back the prompts of a conversation that no server can have seen: nobody will read the answers. */
export async function withdrawRuns(unit: UnitOfWork, conversationId: string): Promise<void> {
  await unit.flush()
  for (const mutation of await unit.tables.mut.prompts()) {
    const { body, n } = mutation
    const isItsRun = n > unit.meta.ack[0] && body.op === 'run.start' && body.conversation_id === conversationId
    if (isItsRun && unit.context.rules.mayEditInPlace(mutation)) await takeBackMutation(unit, mutation)
  }
}
