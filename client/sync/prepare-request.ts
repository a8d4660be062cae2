import { messageRef } from '#shared/sync-row.ts'
import { MOST_MUTATIONS, type Mutation, SYNC_SCHEMA, type SyncRequest } from '#shared/wire/sync.ts'
import { lostEntry } from './bury-row.ts'
import { mutationsOf, packNext, readParcel } from './parcel.ts'
import { PARKED_NUMBERS, type SyncContext, serverNow } from './sync-meta.ts'
import type { StoredMutation, SyncTables } from './sync-store.ts'
import { takeBackMutation } from './take-back.ts'
import { openUnit, type UnitOfWork } from './unit-of-work.ts'

/** Rows of a page: as many as one transaction may write. */
export const PAGE_ROWS = 500
/** A prompt that waited longer is asked only after a person says so: the question may have become another one. */
const LONGEST_WAIT_MS = 12 * 60 * 60 * 1000
/** UTF-16 units of a push, mutations as JSON. */
const MOST_PUSH_LENGTH = 512 * 1024

/**
 * The next request, and the mark on its mutations that they may have left this device. The mark is on the disk before the
 * request is on the way.
 */
export async function prepareRequest(
  tables: SyncTables,
  context: SyncContext,
  options: {
    readonly pageRows: number
    /** False while nobody answers: then the server is asked first, and told when it has answered. */
    readonly isReached: boolean
  },
): Promise<SyncRequest> {
  const unit = await openUnit(tables, context)
  const muts = options.isReached && context.rules.mayPush(unit.meta) ? await takeMutations(unit) : []
  await unit.flush()
  const { device, epoch, cursor, ack } = unit.meta
  return { v: 1, schema: SYNC_SCHEMA, device, epoch, cursor, ack_n: ack[0], muts, limit: options.pageRows }
}

async function takeMutations(unit: UnitOfWork): Promise<Mutation[]> {
  const parcel = await readParcel(unit.tables)
  if (parcel !== null) return mutationsOf(unit, parcel)
  const first = unit.meta.ack[0]
  const waiting = await unit.tables.mut.range({ after: first, upTo: PARKED_NUMBERS - 1, limit: MOST_MUTATIONS })
  if (waiting.length === 0) return packNext(unit, { rows: MOST_MUTATIONS, length: MOST_PUSH_LENGTH })
  const taken: Mutation[] = []
  let length = 0
  for (const stored of waiting) {
    const mutation = await heldBack(unit, stored)
    length += JSON.stringify(mutation.body).length
    if (length > MOST_PUSH_LENGTH && taken.length > 0) break
    if (!mutation.sent) unit.putMutation({ ...mutation, sent: true })
    const { n, mid, schema, body } = mutation
    taken.push({ ...body, n, mid, schema })
  }
  return taken
}

/**
 * Turns a prompt that waited too long into nothing, and keeps it where the user finds it; with it those that were asked behind
 * it, which would go out without what they follow.
 */
async function heldBack(unit: UnitOfWork, mutation: StoredMutation): Promise<StoredMutation> {
  const { body, sent, made_at } = mutation
  if (body.op !== 'run.start' || sent) return mutation
  const ageMs = serverNow(unit.meta, unit.context) - made_at
  if (ageMs <= LONGEST_WAIT_MS && !(await followsHeld(unit, body))) return mutation
  if (mutation.row !== null) await unit.load([mutation.row])
  await unit.tables.lost.put(lostEntry(unit, mutation, 'too-old'))
  return takeBackMutation(unit, mutation)
}

async function followsHeld(
  unit: UnitOfWork,
  prompt: { readonly conversation_id: string; readonly user_message_id: string },
): Promise<boolean> {
  const question = messageRef(prompt.conversation_id, prompt.user_message_id)
  await unit.load([question])
  const parentId = unit.visible(question)?.['parent_id']
  const held = await unit.tables.lost.range({})
  return held.some(({ body, reason }) => body.op === 'run.start' && reason !== 'gone' && body.message_id === parentId)
}
