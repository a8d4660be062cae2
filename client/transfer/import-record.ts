import type { LocalDatabase } from '../database/local-database.ts'

/** What an import is remembered by, so that it can be undone as a whole, after a reload too. */
export type ImportHead = {
  readonly id: string
  readonly part: 0
  /** The names of the files. */
  readonly name: string
  readonly started_at: number
  /** When all of it was here; null while it goes on, and where it was cut off. */
  readonly finished_at: number | null
  /** When its undoing began. What it put into the trash carries the same time, which tells it from all else there. */
  readonly undo_at: number | null
  readonly is_undone: boolean
}

/** A part of what an import made, written down before it is made. */
export type ImportPart = {
  readonly id: string
  /** From 1 on. */
  readonly part: number
  /** Conversations that were not there before, or in the trash by an earlier undo. */
  readonly created: readonly string[]
  /** Conversations that were there, and what came into them. */
  readonly grown: readonly GrownChat[]
}

export type GrownChat = {
  readonly id: string
  readonly messages: readonly string[]
  /** Where its reader stood before. */
  readonly leaf_before: string | null
}

export type ImportRow = ImportHead | ImportPart

/** The imports of this device, the newest first. */
export async function listImports({ imports }: LocalDatabase): Promise<readonly ImportHead[]> {
  const rows = await imports.toArray()
  return rows.filter(isHead).sort((left, right) => right.started_at - left.started_at)
}

/** The parts of an import, in the order in which they were made. */
export async function listImportParts({ imports }: LocalDatabase, batchId: string): Promise<readonly ImportPart[]> {
  const rows = await imports.where('[id+part]').between([batchId, 1], [batchId, Number.MAX_SAFE_INTEGER]).toArray()
  return rows.flatMap(row => (isHead(row) ? [] : [row]))
}

function isHead(row: ImportRow): row is ImportHead {
  return row.part === 0
}
