import { isChangeable, type RowKind, TAG_FIELD } from './sync-kinds.ts'
import { type RowRef, type SyncRow, tombstoneOf, UNTOLD_ERA } from './sync-row.ts'
import { ROW_DEFAULTS } from './sync-row-defaults.ts'
import { creationClock, type FieldClock, type FieldClocks, type FieldSets, mergeFields } from './sync-rules.ts'
import type { Mutation } from './wire/sync.ts'

type WithoutNumber<Numbered> = Numbered extends unknown ? Omit<Numbered, 'n' | 'mid' | 'schema'> : never

/** What a mutation does, without its number and name. */
export type MutationBody = WithoutNumber<Mutation>

/** R8: what is seen of a row is the server's version with the mutations that the server has not confirmed laid over it. */
export function overlayRow(ref: RowRef, server: SyncRow | null, pending: readonly MutationBody[]): SyncRow | null {
  return pending.reduce<SyncRow | null>((row, body) => overlayMutation(ref, row, body), server)
}

/**
 * A row that is brought in, as it shows until a server has it: all its fields have the clock of its creation, and what it is not
 * given is the record's default. Tags stand as `tags/<name>`.
 */
export function untoldRow(ref: RowRef, values: Readonly<Record<string, unknown>>): SyncRow {
  return { ...newRow(ref, values, {}), era: UNTOLD_ERA }
}

function overlayMutation(ref: RowRef, row: SyncRow | null, body: MutationBody): SyncRow | null {
  // R5: a purged row takes nothing up any more.
  if (row?.purged) return row
  switch (body.op) {
    case 'put':
      return row === null ? rowOfSets(ref, body.set) : withSets(row, changeableOf(body))
    case 'set':
      return row === null ? null : withSets(row, body.set)
    case 'purge':
      return tombstoneOf(row ?? rowOfSets(ref, {}))
    case 'run.start':
      return row ?? rowOfSets(ref, answerSets(body))
    case 'run.cancel':
    case 'noop':
      return row
    default:
      return body satisfies never
  }
}

/** A row with field sets merged in by R4; a tag field joins or leaves the list of tags. */
function withSets(row: SyncRow, sets: FieldSets): SyncRow {
  const { changed, clocks } = mergeFields(row.at, creationClock(row), sets)
  return { ...row, ...valuesOf(changed, row['tags']), at: clocks }
}

/** What a put may still change in a row that is there. */
function changeableOf({ kind, set }: Extract<MutationBody, { op: 'put' }>): FieldSets {
  return Object.fromEntries(Object.entries(set).filter(([field]) => isChangeable(kind, field)))
}

function rowOfSets(ref: RowRef, sets: FieldSets): SyncRow {
  const values: Record<string, unknown> = {}
  const at: Record<string, FieldClock> = {}
  for (const [field, [value, clock]] of Object.entries(sets)) {
    values[field] = value
    at[field] = clock
  }
  return newRow(ref, values, at)
}

function newRow(ref: RowRef, values: Readonly<Record<string, unknown>>, at: FieldClocks): SyncRow {
  const defaults = ROW_DEFAULTS[ref.kind satisfies RowKind]
  const conversation = ref.conversation_id === null ? {} : { conversation_id: ref.conversation_id }
  return {
    ...defaults,
    ...valuesOf(values, defaults['tags']),
    ...conversation,
    id: ref.id,
    rev: 0,
    era: 0,
    at,
    purged: false,
  }
}

function valuesOf(changed: Readonly<Record<string, unknown>>, standingTags: unknown): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const tags = new Set<unknown>(Array.isArray(standingTags) ? standingTags : [])
  let hasTags = false
  for (const [field, value] of Object.entries(changed)) {
    if (!field.startsWith(TAG_FIELD)) {
      values[field] = value
      continue
    }
    hasTags = true
    if (value) tags.add(field.slice(TAG_FIELD.length))
    else tags.delete(field.slice(TAG_FIELD.length))
  }
  return hasTags ? { ...values, tags: [...tags].sort() } : values
}

/** The answer that a prompt waits for, as it shows until the server has made its row. */
function answerSets(body: Extract<MutationBody, { op: 'run.start' }>): FieldSets {
  const at: FieldClock = [body.created_at, '']
  return {
    parent_id: [body.user_message_id, at],
    role: ['assistant', at],
    status: ['queued', at],
    model: [body.model, at],
    run_id: [body.id, at],
    created_at: [body.created_at, at],
  }
}
