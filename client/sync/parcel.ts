import type { MutationBody } from '#shared/sync-overlay.ts'
import { messageRef, PURGED_FLAG, type RowRef, rowRef, type SyncRow, UNTOLD_ERA } from '#shared/sync-row.ts'
import { isRowKind, type Mutation, SYNC_SCHEMA } from '#shared/wire/sync.ts'
import type { FeedPage } from './ports.ts'
import { messagesOf, readRows, readShadows, refText } from './row-tables.ts'
import { newId, type SyncContext, serverNow } from './sync-meta.ts'
import type { PackedRow, Parcel, SyncTables, Untold } from './sync-store.ts'
import { openUnit, type UnitOfWork } from './unit-of-work.ts'

/** How much goes out at a time: rows, and the length of what is said of them as JSON. */
export type Most = { readonly rows: number; readonly length: number }

/** What is left to tell of a conversation, as far as it was read. */
type Chat = Untold & { readonly rows: readonly (readonly [RowRef, SyncRow])[]; readonly isAll: boolean }
type Packed = PackedRow & { readonly body: MutationBody }

/** Conversations that one parcel may hold; most are longer than would let it hold so many. */
const MOST_CHATS = 50

/** Begins the work of a transaction that may change any row: what is on its way stands in the log, row by row, like anything else. */
export async function openUnpacked(tables: SyncTables, context: SyncContext): Promise<UnitOfWork> {
  const unit = await openUnit(tables, context)
  await unpack(unit)
  return unit
}

/** Puts what is on its way into the log, where rows may be changed behind it and each can come to something else. */
export async function unpack(unit: UnitOfWork): Promise<void> {
  const parcel = await readParcel(unit.tables)
  if (parcel === null) return
  const { n, schema, made_at } = parcel
  const left = { schema, made_at, origin: 'merge', sent: true, acked: null, result: null } as const
  for (const [index, { mid, body, ...row }] of (await saidOf(unit, parcel)).entries()) {
    unit.putMutation({ ...left, n: n + index, mid, body, row })
    // What shows is what the mutation says: no server has a version of it.
    unit.setShadow(row, null, [n + index])
  }
  await unit.tables.parcels.delete([n])
  await unit.flush()
}

/** What is on its way; there is one parcel at most. */
export async function readParcel(tables: SyncTables): Promise<Parcel | null> {
  const [parcel = null] = await tables.parcels.range({ limit: 1 })
  return parcel
}

/** What a parcel says: the same each time it is sent (R3). */
export async function mutationsOf(unit: UnitOfWork, parcel: Parcel): Promise<Mutation[]> {
  return numbered(parcel, await saidOf(unit, parcel))
}

/**
 * Packs the next rows that were brought in. To be asked only when the log is empty: so what somebody writes meanwhile never waits
 * behind all that was brought in.
 */
export async function packNext(unit: UnitOfWork, most: Most): Promise<Mutation[]> {
  const { tables, context, meta } = unit
  const packed: Packed[] = []
  let length = 0
  for (const chat of await readChats(tables, most.rows)) {
    let { after } = chat
    let count = 0
    for (const [ref, row] of chat.rows) {
      const body = context.rules.mergeUp(ref.kind, row, null)
      length += JSON.stringify(body).length
      if (packed.length >= most.rows || (length > most.length && packed.length > 0)) break
      if (body !== null) packed.push({ ...ref, mid: newId(context), body })
      after = ref.kind === 'messages' ? ref.id : ''
      count++
    }
    if (chat.isAll && count === chat.rows.length) await tables.untold.delete([chat.id])
    else await tables.untold.put({ id: chat.id, after })
    if (count < chat.rows.length) break
  }
  const rows = packed.map(({ body: _, ...row }) => row)
  const parcel: Parcel = { n: meta.next_n, schema: SYNC_SCHEMA, made_at: serverNow(meta, context), rows }
  if (rows.length > 0) await tables.parcels.put(parcel)
  unit.change({ next_n: meta.next_n + rows.length })
  return numbered(parcel, packed)
}

/**
 * Whether a page settles a parcel as a whole: all of it is done, and the page brings each row as the server has it now. Where it
 * does not, the parcel has to be unpacked before the page is taken in.
 */
export function isDelivered({ meta, context }: UnitOfWork, { n, rows }: Parcel, { rows: lines, trailer }: FeedPage) {
  const { rules } = context
  const [ackN, ackMid] = trailer.ack
  const isAcknowledged = n === meta.ack[0] + 1 && ackN === n + rows.length - 1 && ackMid === rows.at(-1)?.mid
  if (!isAcknowledged || trailer.results.length > 0 || !rules.mayAdvance(trailer.from, meta.cursor)) return false
  const place = { cursor: rules.nextCursor(trailer)[0], more: trailer.more }
  if (meta.recovery !== null || !rules.mayRetire({ acked: trailer.head }, place)) return false
  const alive = lines.flatMap(([kind, id, , conversationId, flags]) =>
    isRowKind(kind) && (flags & PURGED_FLAG) === 0 ? [refText({ kind, id, conversation_id: conversationId })] : [],
  )
  const brought = new Set(alive)
  return rows.every(row => brought.has(refText(row)))
}

/** Chats with their rows in the order in which the server wants them, about `most` rows at most. */
async function readChats(tables: SyncTables, most: number): Promise<readonly Chat[]> {
  const waiting = await tables.untold.range({ limit: MOST_CHATS })
  const [first, last] = [waiting[0], waiting.at(-1)]
  if (first === undefined || last === undefined) return []
  // Neighbours in the table, mostly: one range for all of them.
  const { upTo } = messagesOf(last.id)
  const messages = await tables.messages.range({ after: [first.id, first.after ?? ''], upTo, limit: most })
  const end = messages.length < most ? null : String(messages.at(-1)?.['conversation_id'])
  const reached = waiting.filter(({ id }) => end === null || id <= end)
  const heads = reached.flatMap(({ id, after }) => (after === null ? [rowRef('conversations', id)] : []))
  const read = await readRows(tables, heads)
  const ofChat = Map.groupBy(messages, row => String(row['conversation_id']))
  const chats = reached.map(({ id, after }): Chat => {
    const head = heads.findIndex(ref => ref.id === id)
    const conversation = read[head] ?? null
    const behind = (ofChat.get(id) ?? []).filter(row => after === null || row.id > after)
    const rows = behind.map(row => [messageRef(id, row.id), row] as const)
    return {
      ...{ id, after, isAll: id !== end },
      rows: conversation === null ? rows : [[rowRef('conversations', id), conversation], ...rows],
    }
  })
  return withoutTold(tables, chats)
}

/** A server may have told of a row first, and somebody may have changed it: then it is in the log. */
async function withoutTold(tables: SyncTables, chats: readonly Chat[]): Promise<readonly Chat[]> {
  const refs = chats.flatMap(({ rows }) => rows.map(([ref]) => ref))
  const shadows = await readShadows(tables, refs)
  const changed = new Set(shadows.flatMap(shadow => (shadow === null ? [] : [refText(shadow)])))
  const isLeft = ([ref, { era }]: readonly [RowRef, SyncRow]) => era === UNTOLD_ERA && !changed.has(refText(ref))
  return chats.map(chat => ({ ...chat, rows: chat.rows.filter(isLeft) }))
}

async function saidOf(unit: UnitOfWork, { rows }: Parcel): Promise<readonly Packed[]> {
  await unit.load(rows)
  return rows.flatMap(packed => {
    const row = unit.visible(packed)
    const body = row === null ? null : unit.context.rules.mergeUp(packed.kind, row, null)
    return body === null ? [] : [{ ...packed, body }]
  })
}

function numbered({ n, schema }: Parcel, packed: readonly Packed[]): Mutation[] {
  return packed.map(({ mid, body }, index) => ({ ...body, n: n + index, mid, schema }))
}
