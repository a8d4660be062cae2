import { type FieldClock, type FieldClocks, type FieldSets, mergeFields, nextClock } from '#shared/sync-rules.ts'
import { run, sql } from '../database/query.ts'
import type { ConversationChange, StoredConversation } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'

/** The device name under which changes stand that came through the plain REST calls without naming a device. */
export const REST_DEVICE = 'rest'

/** A tag is one field, so that two devices that each add one both keep theirs. */
export const TAG_FIELD = 'tags/'

/** Fields whose change makes a conversation the newest one; pinning or reading an old chat does not move it. */
const TOUCHING = new Set(['title', 'model', 'system_prompt', 'params'])

/** Stamps values with the clock that makes them win over what they replace (R4). */
export function stampFields(
  row: { readonly at: string; readonly created_at: number; readonly device_id: string | null },
  values: Readonly<Record<string, unknown>>,
  stamp: { readonly now: number; readonly device: string },
): FieldSets {
  const clocks = parseClocks(row.at)
  const created = creationClock(row)
  const sets: Record<string, readonly [unknown, FieldClock]> = {}
  for (const [field, value] of Object.entries(values)) {
    sets[field] = [value, nextClock(stamp.now, clocks[field] ?? created, stamp.device)]
  }
  return sets
}

/** Merges field sets into a stored conversation by R4; writes nothing, and takes no `rev`, when nothing changed. */
export function applyConversationFields(transaction: WriteTransaction, row: StoredConversation, sets: FieldSets): void {
  const merged = mergeFields(parseClocks(row.at), creationClock(row), sets)
  recordLosers(transaction, row.id, merged.lost)
  const fields = Object.keys(merged.changed)
  if (fields.length === 0) return
  const tags = new Set<string>(JSON.parse(row.tags))
  const columns: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(merged.changed)) {
    if (field.startsWith(TAG_FIELD)) {
      if (value) tags.add(field.slice(TAG_FIELD.length))
      else tags.delete(field.slice(TAG_FIELD.length))
    } else columns[field] = value
  }
  const isTouched = fields.some(field => TOUCHING.has(field) || field.startsWith(TAG_FIELD))
  const update: ConversationChange = columns
  run(
    transaction.sqlite,
    sql
      .updateTable('conversations')
      .set({
        ...update,
        tags: JSON.stringify([...tags].sort()),
        at: JSON.stringify(merged.clocks),
        rev: transaction.nextRev(),
        updated_at: isTouched ? Math.max(row.updated_at, transaction.now) : row.updated_at,
      })
      .where('id', '=', row.id),
  )
}

function recordLosers(transaction: WriteTransaction, rowId: string, lost: FieldSets): void {
  for (const [field, [value, at]] of Object.entries(lost)) {
    run(
      transaction.sqlite,
      sql.insertInto('conflicts').values({
        row_id: rowId,
        field,
        value: JSON.stringify(value),
        at: JSON.stringify(at),
        recorded_at: transaction.now,
      }),
    )
  }
}

function parseClocks(at: string): FieldClocks {
  return JSON.parse(at)
}

function creationClock(row: { readonly created_at: number; readonly device_id: string | null }): FieldClock {
  return [row.created_at, row.device_id ?? REST_DEVICE]
}
