import type { Persona } from '#shared/records.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import type { LostEntry } from '../sync/sync-store.ts'
import type { HeldHere } from './device.ts'
import { parsePersonaRow } from './parse.ts'

export async function readPersonas({ personas }: LocalDatabase): Promise<readonly Persona[]> {
  return shownPersonas(await personas.toArray())
}

/** Without deleted ones, by name. */
export function shownPersonas(rows: readonly SyncRow[]): readonly Persona[] {
  return rows
    .flatMap(row => parsePersonaRow(row) ?? [])
    .filter(({ deleted_at }) => deleted_at === null)
    .sort((left, right) => left.name.localeCompare(right.name))
}

export async function readLost({ lost }: LocalDatabase): Promise<readonly LostEntry[]> {
  const entries = await lost.toArray()
  return entries.sort((left, right) => right.lost_at - left.lost_at)
}

export async function countHeld({ conversations, unloaded }: LocalDatabase): Promise<HeldHere> {
  const [all, waiting] = await Promise.all([conversations.orderBy('updated_at').count(), unloaded.count()])
  return { conversations: all, unloaded: Math.min(all, waiting) }
}
