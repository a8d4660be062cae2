import { isChangeable, type WritableKind } from '#shared/sync-kinds.ts'
import type { MutationBody } from '#shared/sync-overlay.ts'
import { messageRef, type RowRef, type SyncRow } from '#shared/sync-row.ts'
import { creationClock } from '#shared/sync-rules.ts'
import { hideMessages } from './bury-row.ts'
import { openUnpacked } from './parcel.ts'
import { newId, type SyncContext, serverNow } from './sync-meta.ts'
import type { LostEntry, StoredMutation } from './sync-store.ts'
import { takeBackMutation, withdrawRuns } from './take-back.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import { isUntold, tellConversation } from './untold.ts'

type Values = Readonly<Record<string, unknown>>
type WritableRef = RowRef & { readonly kind: WritableKind }
type RunStart = Omit<Extract<MutationBody, { op: 'run.start' }>, 'op' | 'created_at'>

/** The acts of the user, inside one transaction. */
export interface LocalEditor {
  /** What the user sees of a row now. */
  read(ref: RowRef): Promise<SyncRow | null>
  /** Makes a row. `created_at` is now unless given; what else is left out gets the record's defaults. */
  put(ref: WritableRef, values: Values): Promise<void>
  /** The same for many rows at once, each only where there is none yet, not even a purged one. */
  putMissing(rows: readonly { readonly ref: WritableRef; readonly values: Values }[]): Promise<void>
  /** Changes fields of a row (tags as `tags/<name>`: true or false). False when the row is not there any more. */
  set(ref: WritableRef, values: Values): Promise<boolean>
  /** The same fields of many rows, which are read at once. */
  setMany(refs: readonly WritableRef[], values: Values): Promise<void>
  /** Removes a row for good, a conversation with its messages. */
  purge(ref: WritableRef): Promise<void>
  /** Asks for an answer. Its row shows as `queued` at once. */
  startRun(run: RunStart): Promise<StoredMutation>
  /** Stops a run: one that no server can have seen is taken back, for any other the server is asked. */
  cancelRun(runId: string): Promise<'taken-back' | 'asked'>
  /** Takes an entry out of lost-and-found; null when it is not there. */
  takeLost(mid: string): Promise<LostEntry | null>
}

/** R2: does what `work` does to the visible rows and the mutation log in one transaction, on the disk when it resolves. */
export function editLocally<Result>(
  context: SyncContext,
  work: (editor: LocalEditor) => Promise<Result>,
): Promise<Result> {
  return context.store.transaction('durable-write', async tables => {
    const unit = await openUnpacked(tables, context)
    const result = await work(createEditor(unit))
    await unit.flush()
    return result
  })
}

function createEditor(unit: UnitOfWork): LocalEditor {
  return {
    read: async ref => {
      await unit.load([ref])
      return unit.visible(ref)
    },
    put: (ref, values) => put(unit, ref, values),
    putMissing: async rows => {
      await unit.load(rows.map(({ ref }) => ref))
      for (const { ref, values } of rows) if (unit.visible(ref) === null) await put(unit, ref, values)
    },
    set: (ref, values) => set(unit, ref, values),
    setMany: async (refs, values) => {
      await unit.load(refs)
      await unit.mutations(refs.flatMap(ref => unit.shadow(ref)?.pending ?? []))
      const told = refs.filter(ref => !isUntold(unit, ref))
      for (const ref of new Map(told.map(ref => [ref.conversation_id, ref])).values()) await tellBefore(unit, ref)
      for (const ref of refs) await change(unit, ref, values)
    },
    purge: ref => purge(unit, ref),
    startRun: run => startRun(unit, run),
    cancelRun: runId => cancelRun(unit, runId),
    takeLost: async mid => {
      const entry = await unit.tables.lost.get(mid)
      if (entry === undefined) return null
      await unit.tables.lost.delete([mid])
      return entry
    },
  }
}

async function put(unit: UnitOfWork, ref: WritableRef, values: Values): Promise<void> {
  await unit.load([ref])
  await tellBefore(unit, ref)
  const createdAt = Number(values['created_at'] ?? serverNow(unit.meta, unit.context))
  const at: [number, string] = [createdAt, unit.meta.device]
  const set: Record<string, [unknown, [number, string]]> = {}
  for (const [field, value] of Object.entries({ ...values, created_at: createdAt })) set[field] = [value, at]
  unit.append({ op: 'put', kind: ref.kind, id: ref.id, set }, ref)
  await unit.rebuild([ref])
}

async function set(unit: UnitOfWork, ref: WritableRef, values: Values): Promise<boolean> {
  await unit.load([ref])
  const row = unit.visible(ref)
  if (row === null || row.purged) return false
  if (!isUntold(unit, ref)) await tellBefore(unit, ref)
  return change(unit, ref, values)
}

async function change(unit: UnitOfWork, ref: WritableRef, values: Values): Promise<boolean> {
  const row = unit.visible(ref)
  if (row === null || row.purged) return false
  const sets = stamp(unit, ref, row, values)
  if (isUntold(unit, ref)) {
    // It goes into the log as it is then.
    unit.show(ref, unit.context.rules.overlayRow(ref, row, [{ op: 'set', kind: ref.kind, id: ref.id, set: sets }]))
    return true
  }
  const last = await lastOfRow(unit, ref)
  if (last !== null && (last.body.op === 'put' || last.body.op === 'set')) {
    // A new name with the new content: a copy of this device may send the old content under the old one (R3).
    const body = { ...last.body, set: { ...last.body.set, ...sets } }
    unit.putMutation({ ...last, mid: newId(unit.context), body })
  } else unit.append({ op: 'set', kind: ref.kind, id: ref.id, set: sets }, ref)
  await unit.rebuild([ref])
  return true
}

/** What is done to a conversation may build on anything in it: the log has to know all of it by then. */
async function tellBefore(unit: UnitOfWork, { kind, id, conversation_id }: RowRef): Promise<void> {
  if (kind === 'conversations' || kind === 'messages') await tellConversation(unit, conversation_id ?? id)
}

/** R4: each value gets a clock that beats the one it replaces. */
function stamp(
  { meta, context }: UnitOfWork,
  ref: WritableRef,
  row: SyncRow,
  values: Values,
): Record<string, [unknown, [number, string]]> {
  const now = serverNow(meta, context)
  const created = creationClock(row)
  const sets: Record<string, [unknown, [number, string]]> = {}
  for (const [field, value] of Object.entries(values)) {
    if (!isChangeable(ref.kind, field)) continue
    const [ms, device] = context.rules.nextClock(now, row.at[field] ?? created, meta.device)
    sets[field] = [value, [ms, device]]
  }
  return sets
}

/**
 * The newest mutation of the whole log, if it is this row's and may still be changed. An older one may not: what was queued
 * between may be what the new value points to.
 */
async function lastOfRow(unit: UnitOfWork, ref: RowRef): Promise<StoredMutation | null> {
  const n = unit.meta.next_n - 1
  if (!unit.shadow(ref)?.pending.includes(n)) return null
  const [last] = await unit.mutations([n])
  return last !== undefined && unit.context.rules.mayEditInPlace(last) ? last : null
}

async function purge(unit: UnitOfWork, ref: WritableRef): Promise<void> {
  await unit.load([ref])
  await tellBefore(unit, ref)
  if (ref.kind === 'conversations') {
    await withdrawRuns(unit, ref.id)
    await hideMessages(unit, ref.id)
  }
  unit.append({ op: 'purge', kind: ref.kind, id: ref.id }, ref)
  await unit.rebuild([ref])
}

async function startRun(unit: UnitOfWork, run: RunStart): Promise<StoredMutation> {
  const question = messageRef(run.conversation_id, run.user_message_id)
  const answer = messageRef(run.conversation_id, run.message_id)
  await unit.load([question, answer])
  await tellBefore(unit, question)
  const questionAt = unit.visible(question)?.['created_at']
  // An answer stands after its question, whatever the clock does.
  const after = typeof questionAt === 'number' ? questionAt + 1 : 0
  const created_at = Math.max(serverNow(unit.meta, unit.context), after)
  const mutation = unit.append({ op: 'run.start', ...run, created_at }, answer)
  await unit.rebuild([answer])
  return mutation
}

async function cancelRun(unit: UnitOfWork, runId: string): Promise<'taken-back' | 'asked'> {
  const waiting = await unit.tables.mut.prompts()
  const start = waiting.find(({ n, body }) => n > unit.meta.ack[0] && body.op === 'run.start' && body.id === runId)
  if (start !== undefined && unit.context.rules.mayEditInPlace(start)) {
    await takeBackMutation(unit, start)
    return 'taken-back'
  }
  unit.append({ op: 'run.cancel', id: runId }, null)
  return 'asked'
}
