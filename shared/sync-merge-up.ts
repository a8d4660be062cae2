import {
  isChangeable,
  RECOVERABLE_FIELDS,
  type RowKind,
  TAG_FIELD,
  WRITABLE_FIELDS,
  type WritableKind,
} from './sync-kinds.ts'
import type { MutationBody } from './sync-overlay.ts'
import { type SyncRow, UNTOLD_ERA } from './sync-row.ts'
import { isDefault } from './sync-row-defaults.ts'
import { creationClock, type FieldClock, isLater } from './sync-rules.ts'

type Sets = Extract<MutationBody, { op: 'put' }>['set']

/** A run that was going on when its server was put back: nobody writes its answer any more. */
const UNFINISHED = new Set<unknown>(['queued', 'streaming'])

/** What of a message says itself also where it is what a new row holds: a device that is left out would be the one that brings it in. */
const ALWAYS_TOLD: readonly string[] = ['role', 'content', 'device_id']

/**
 * R11: what tells a server that was put back from a backup what this device knows better about one row, with the clocks the
 * values had; null where the server's version says it all. `server` is null for a row that the backup does not hold, and for one
 * that was brought in.
 */
export function mergeUp(kind: RowKind, local: SyncRow, server: SyncRow | null): MutationBody | null {
  if (kind === 'usage_logs' || server?.purged) return null
  if (local.purged) return { op: 'purge', kind, id: local.id }
  if (server === null) return { op: 'put', kind, id: local.id, set: allSets(kind, local) }
  const set = newerSets(kind, local, server)
  return Object.keys(set).length === 0 ? null : { op: 'set', kind, id: local.id, set }
}

/**
 * R11: an answer that the backup holds only in part comes back as another version beside it; what a run wrote is never merged.
 * Every device gives that version the same id, so that it is there once.
 */
export function rescueAnswer(local: SyncRow, server: SyncRow): Extract<MutationBody, { op: 'put' }> | null {
  const [here, there] = [local['content'], server['content']]
  if (local['role'] !== 'assistant' || local.purged || server.purged) return null
  if (typeof here !== 'string' || typeof there !== 'string' || there.startsWith(here)) return null
  return { op: 'put', kind: 'messages', id: siblingId(local.id), set: allSets('messages', local) }
}

/** The id's last digit turned over. */
function siblingId(id: string): string {
  return id.slice(0, -1) + (15 - Number.parseInt(id.slice(-1), 16)).toString(16)
}

function allSets(kind: WritableKind, local: SyncRow): Sets {
  const set: Sets = {}
  const created = creationClock(local)
  for (const field of puttableFields(kind, local)) {
    const value = local[field]
    if (value !== undefined && !isLeftOut(kind, local, field))
      set[field] = [value, wireClock(local.at[field] ?? created)]
  }
  if (UNFINISHED.has(local['status'])) set['status'] = ['interrupted', wireClock(created)]
  for (const tag of tagsOf(local)) {
    const field = TAG_FIELD + tag
    set[field] = [true, wireClock(local.at[field] ?? created)]
  }
  return set
}

function puttableFields(kind: WritableKind, local: SyncRow): readonly string[] {
  const isWhole = kind === 'messages' && (local['role'] === 'assistant' || local.era === UNTOLD_ERA)
  const { fixed, changeable } = WRITABLE_FIELDS[kind]
  return [...fixed, ...changeable, ...(isWhole ? RECOVERABLE_FIELDS : [])]
}

/** What a new row holds anyway need not travel with each of the many that are brought in. */
function isLeftOut(kind: WritableKind, local: SyncRow, field: string): boolean {
  if (local.era !== UNTOLD_ERA || field in local.at || ALWAYS_TOLD.includes(field)) return false
  return isDefault(kind, field, local[field])
}

function newerSets(kind: WritableKind, local: SyncRow, server: SyncRow): Sets {
  const set: Sets = {}
  const created = creationClock(server)
  for (const [field, at] of Object.entries(local.at)) {
    if (!isChangeable(kind, field) || !isLater(at, server.at[field] ?? created)) continue
    const value = fieldValue(local, field)
    if (!isSame(value, fieldValue(server, field))) set[field] = [value, wireClock(at)]
  }
  return set
}

function fieldValue(row: SyncRow, field: string): unknown {
  return field.startsWith(TAG_FIELD) ? tagsOf(row).includes(field.slice(TAG_FIELD.length)) : row[field]
}

function tagsOf(row: SyncRow): readonly string[] {
  const tags = row['tags']
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : []
}

/** Values come out of JSON, so their text tells whether they are the same. */
function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right)
}

function wireClock([ms, device]: FieldClock): [number, string] {
  return [ms, device]
}
