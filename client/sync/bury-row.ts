import type { RowRef } from '#shared/sync-row.ts'
import { messagesOf } from './row-tables.ts'
import { serverNow } from './sync-meta.ts'
import type { LostEntry, Shadow, StoredMutation } from './sync-store.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/**
 * R5: a row was purged elsewhere while this device still wanted to change it. What the user wrote goes to lost-and-found, for a
 * copy is never thrown away in silence; a purged conversation takes its messages along.
 */
export async function buryRow(unit: UnitOfWork, ref: RowRef): Promise<void> {
  const shadow = unit.shadow(ref)
  const pending = shadow === null ? [] : await unit.mutations(shadow.pending)
  const isOwnPurge = pending.some(({ body }) => body.op === 'purge')
  if (shadow !== null && !isOwnPurge) await keepCopies(unit, [shadow])
  if (ref.kind !== 'conversations') return
  const messages = await shadowsOfMessages(unit, ref.id)
  if (!isOwnPurge) await keepCopies(unit, messages)
  await hideMessages(unit, ref.id)
}

/** Takes the messages of a conversation out of the store; mutations that wait to change them stay in the log. */
export async function hideMessages(unit: UnitOfWork, conversationId: string): Promise<void> {
  await unit.flush()
  const changed = await shadowsOfMessages(unit, conversationId)
  await unit.load(changed)
  for (const ref of changed) {
    unit.dropShadow(ref)
    unit.show(ref, null)
  }
  await unit.tables.messages.deleteRange(messagesOf(conversationId))
  await unit.tables.unloaded.delete([conversationId])
}

/** Puts a mutation that came to nothing where the user finds it. */
export function lostEntry(unit: UnitOfWork, mutation: StoredMutation, reason: LostEntry['reason']): LostEntry {
  const { mid, body, row } = mutation
  const copy = row === null ? null : unit.visible(row)
  return { mid, reason, body, row, copy, lost_at: serverNow(unit.meta, unit.context) }
}

async function keepCopies(unit: UnitOfWork, shadows: readonly Shadow[]): Promise<void> {
  await unit.load(shadows)
  const lost: LostEntry[] = []
  for (const shadow of shadows) {
    for (const mutation of await unit.mutations(shadow.pending)) lost.push(lostEntry(unit, mutation, 'gone'))
  }
  if (lost.length > 0) await unit.tables.lost.putMany(lost)
}

function shadowsOfMessages(unit: UnitOfWork, conversationId: string): Promise<readonly Shadow[]> {
  return unit.tables.shadow.range({
    after: ['messages', conversationId, ''],
    upTo: ['messages', conversationId, '\uffff'],
  })
}
