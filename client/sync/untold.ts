import { messageRef, type RowRef, rowRef, type SyncRow, UNTOLD_ERA } from '#shared/sync-row.ts'
import { readParcel } from './parcel.ts'
import { messagesOf } from './row-tables.ts'
import { readMeta, type SyncContext } from './sync-meta.ts'
import type { SyncTables } from './sync-store.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** A conversation that comes whole, made of rows as `untoldRow` makes them. */
export type NewChat = { readonly conversation: SyncRow; readonly messages: readonly SyncRow[] }

/**
 * Writes conversations of which nothing is here yet, as rows alone: what the log will say of them is put together when they are
 * told. Returns those that were here after all, untouched. Relaxed: whoever says that it is done waits for `settle` first.
 */
export function bringIn(context: SyncContext, chats: readonly NewChat[]): Promise<readonly NewChat[]> {
  return context.store.transaction('write', async tables => {
    const here = await Promise.all(chats.map(({ conversation }) => isHere(tables, conversation.id)))
    const fresh = chats.filter((_, index) => !here[index])
    await tables.conversations.putMany(fresh.map(({ conversation }) => conversation))
    await tables.messages.putMany(fresh.flatMap(({ messages }) => messages))
    await tables.untold.putMany(fresh.map(({ conversation }) => ({ id: conversation.id, after: null })))
    return chats.filter((_, index) => here[index])
  })
}

/** Resolves when all that was written before lies on the disk. */
export function settle(context: SyncContext): Promise<void> {
  // A flush takes what came before it along, and a transaction that writes nothing does not flush.
  return context.store.transaction('durable-write', async tables => tables.meta.put(await readMeta(tables, context)))
}

/** True when the row was brought in and neither a server nor the log knows of it. */
export function isUntold(unit: UnitOfWork, ref: RowRef): boolean {
  return unit.visible(ref)?.era === UNTOLD_ERA && unit.shadow(ref) === null
}

/** How many changes the server does not know: what waits in the log or is on its way, and each conversation that has yet to go. */
export async function countPending(tables: SyncTables, acknowledged: number): Promise<number> {
  const logged = await tables.mut.count({ after: acknowledged })
  const packed = (await readParcel(tables))?.rows.length ?? 0
  return logged + packed + (await tables.untold.count())
}

/** Puts all that is untold of a conversation into the log: something is about to follow that builds on it. */
export async function tellConversation(unit: UnitOfWork, id: string): Promise<void> {
  const entry = await unit.tables.untold.get(id)
  if (entry === undefined) return
  const { after } = entry
  const rows = await unit.tables.messages.range({ ...messagesOf(id), after: [id, after ?? ''] })
  // The conversation before its messages, as the server wants them.
  const head = after === null ? [rowRef('conversations', id)] : []
  const refs = [...head, ...rows.map(row => messageRef(id, row.id))]
  await unit.load(refs)
  for (const ref of refs) tellRow(unit, ref)
  await unit.tables.untold.delete([id])
}

function tellRow(unit: UnitOfWork, ref: RowRef): void {
  const row = unit.visible(ref)
  if (row === null || !isUntold(unit, ref)) return
  const body = unit.context.rules.mergeUp(ref.kind, row, null)
  if (body === null) return
  const { n } = unit.append(body, ref, 'merge')
  // What shows is what the mutation says: no server has a version of it.
  unit.setShadow(ref, null, [n])
}

async function isHere(tables: SyncTables, id: string): Promise<boolean> {
  if ((await tables.conversations.get(id)) !== undefined) return true
  // The feed may bring a message before its conversation.
  return (await tables.messages.count(messagesOf(id))) > 0
}
