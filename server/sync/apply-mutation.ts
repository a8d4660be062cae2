import { isChangeable, type WritableKind } from '#shared/sync-kinds.ts'
import type { FieldClock, FieldSets, ServerRules } from '#shared/sync-rules.ts'
import { UNTITLED } from '#shared/title.ts'
import { arePuttable, areRecoverable, areSettable, isRowId } from '#shared/wire/row-fields.ts'
import type { MutationResult, PushedMutation } from '#shared/wire/sync.ts'
import type { WriteTransaction } from '../database/writer.ts'
import type { StartedRun } from '../runs/store-run.ts'
import { columnsOf, mergeIntoRow } from './apply-fields.ts'
import { applyRunCancel, applyRunStart } from './apply-run.ts'
import { purgeRow } from './purge-rows.ts'
import { recordRecoveredCall, settled, splitRecovered, whole } from './recover-answer.ts'
import { findRow, insertRow, type SyncedRow } from './rows-store.ts'

/** What a mutation came to: null when it did what it says, or had done so before. */
export type Outcome = MutationResult['result'] | null

/** Who pushes, and what is to be done once everything is committed. */
export type ApplyContext = {
  readonly userId: number
  readonly deviceId: string
  readonly rules: ServerRules
  /** True once this server was put back from a backup: then devices bring back what it wrote itself. */
  readonly isRestored: boolean
  /** True when the provider of a model is there and configured. */
  readonly canAsk: (model: string) => boolean
  /** True when the user's limits let no call of a model begin. */
  readonly isOverBudget: (userId: number, model: string) => boolean
  readonly started: StartedRun[]
  readonly stopped: string[]
}

type WriteOf<Op> = Extract<PushedMutation, { readonly op: Op }>

/** A time no calendar reaches; a clock beyond it could never be passed again. */
const LATEST_TIME = 8_640_000_000_000_000

/** Applies one mutation (R2–R5). What is not right changes nothing and is told by the result; only a broken database throws. */
export function applyMutation(transaction: WriteTransaction, context: ApplyContext, mutation: PushedMutation): Outcome {
  switch (mutation.op) {
    case 'put':
      return applyPut(transaction, context, mutation)
    case 'set':
      return applySet(transaction, context, mutation)
    case 'purge':
      return applyPurge(transaction, context, mutation)
    case 'run.start':
      return applyRunStart(transaction, context, mutation)
    case 'run.cancel':
      return applyRunCancel(transaction, context, mutation)
    case 'unreadable':
      return 'invalid'
    case 'noop':
      return null
    default:
      return mutation satisfies never
  }
}

function applyPut(transaction: WriteTransaction, context: ApplyContext, mutation: WriteOf<'put'>): Outcome {
  const { kind, id } = mutation
  const { set, recovered } = kind === 'messages' ? splitRecovered(mutation.set) : whole(mutation.set)
  if (!isRowId(kind, id) || !arePuttable(kind, valuesOf(set)) || !haveRightClocks(set)) return 'invalid'
  if (!areRecoverable(recovered)) return 'invalid'
  // What a run of this server wrote is its own to tell, unless it was put back and has forgotten it.
  if (typeof recovered['run_id'] === 'string' && !context.isRestored) return 'invalid'
  const row = findRow(transaction.sqlite, kind, context.userId, id)
  if (row) return mergeInto(transaction, context, { kind, row, set })
  const refusal = kind === 'messages' ? refusePlace(transaction, context, set) : null
  if (refusal) return refusal
  const values = { ...newRow(transaction, context, { kind, id, set }), ...settled(recovered) }
  insertRow(transaction, kind, values)
  if (kind === 'messages') recordRecoveredCall(transaction, context.userId, values)
  return null
}

function applySet(transaction: WriteTransaction, context: ApplyContext, mutation: WriteOf<'set'>): Outcome {
  const { kind, id, set } = mutation
  if (!isRowId(kind, id) || !areSettable(kind, valuesOf(set)) || !haveRightClocks(set)) return 'invalid'
  const row = findRow(transaction.sqlite, kind, context.userId, id)
  return row ? mergeInto(transaction, context, { kind, row, set }) : 'missing'
}

function mergeInto(
  transaction: WriteTransaction,
  context: ApplyContext,
  { kind, row, set }: { readonly kind: WritableKind; readonly row: SyncedRow; readonly set: FieldSets },
): Outcome {
  if (row.user_id !== context.userId) return 'invalid'
  // R5: a purge absorbs every later edit.
  if (context.rules.absorbs(row)) return 'gone'
  const sets = Object.fromEntries(settable(kind, set))
  mergeIntoRow(transaction, { kind, row, sets, merge: context.rules.mergeFields })
  return null
}

function applyPurge(transaction: WriteTransaction, context: ApplyContext, mutation: WriteOf<'purge'>): Outcome {
  const { kind, id } = mutation
  if (!isRowId(kind, id)) return 'invalid'
  const row = findRow(transaction.sqlite, kind, context.userId, id)
  if (!row) return leaveTombstone(transaction, context, mutation)
  if (row.user_id !== context.userId) return 'invalid'
  if (!row.purged) context.stopped.push(...purgeRow(transaction, kind, row))
  return null
}

/**
 * A row that this server lost in a rollback may still be put back by a device that has not heard of the purge. A message without
 * its conversation has no place to leave a tombstone at; its conversation's covers it.
 */
function leaveTombstone(transaction: WriteTransaction, context: ApplyContext, mutation: WriteOf<'purge'>): Outcome {
  const { kind, id } = mutation
  if (kind === 'messages') return 'missing'
  const blank = TOMBSTONE_VALUES[kind]
  insertRow(transaction, kind, {
    ...blank,
    id,
    user_id: context.userId,
    rev: transaction.nextRev(),
    created_at: transaction.now,
    purged: 1,
  })
  return null
}

const TOMBSTONE_VALUES: Readonly<Record<Exclude<WritableKind, 'messages'>, Readonly<Record<string, unknown>>>> = {
  conversations: { title: '', updated_at: 0 },
  personas: { name: '' },
  settings: { value: null },
  attachments: { sha256: '', name: '', media_type: '', bytes: 0 },
}

/** A message needs its conversation, and cannot be hidden in another user's. */
function refusePlace(transaction: WriteTransaction, context: ApplyContext, set: FieldSets): Outcome {
  const id = String(set['conversation_id']?.[0])
  const conversation = findRow(transaction.sqlite, 'conversations', context.userId, id)
  if (!conversation) return 'missing'
  if (conversation.user_id !== context.userId) return 'invalid'
  return context.rules.absorbs(conversation) ? 'gone' : null
}

function newRow(
  transaction: WriteTransaction,
  context: ApplyContext,
  { kind, id, set }: { readonly kind: WritableKind; readonly id: string; readonly set: FieldSets },
): Readonly<Record<string, unknown>> {
  const values = valuesOf(set)
  const created = Number(values['created_at'])
  const byDevice = { device_id: context.deviceId }
  const defaults: Readonly<Record<WritableKind, Readonly<Record<string, unknown>>>> = {
    conversations: { title: UNTITLED, updated_at: created, ...byDevice },
    messages: { status: 'complete', ...byDevice },
    personas: {},
    settings: {},
    attachments: {},
  }
  return {
    ...defaults[kind],
    ...columnsOf(values, '[]'),
    id,
    user_id: context.userId,
    rev: transaction.nextRev(),
    at: JSON.stringify(clocksOfSets(kind, set)),
  }
}

/** Kept also where they lie before the row's creation: the device has built its next clocks upon them. */
function clocksOfSets(kind: WritableKind, set: FieldSets): Record<string, FieldClock> {
  return Object.fromEntries(settable(kind, set).map(([field, [, at]]) => [field, at]))
}

function settable(kind: WritableKind, set: FieldSets) {
  return Object.entries(set).filter(([field]) => isChangeable(kind, field))
}

function valuesOf(set: FieldSets): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(set).map(([field, [value]]) => [field, value]))
}

function haveRightClocks(set: FieldSets): boolean {
  return Object.values(set).every(([, [time]]) => time >= 0 && time <= LATEST_TIME)
}
