import type { Sqlite } from '../database/open-database.ts'
import { insertRow, prepare } from '../database/query.ts'
import type { TemporaryCallRow } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'

export function insertTemporaryCall({ sqlite }: WriteTransaction, row: TemporaryCallRow): void {
  insertRow(sqlite, 'temporary_calls', row)
}

/** The next attempt of a run, whose last call is in the ledger. */
export function countTemporaryAttempt({ sqlite }: WriteTransaction, runId: string, attempt: number): void {
  prepare(sqlite, 'UPDATE temporary_calls SET attempt = ? WHERE run_id = ?').run(attempt, runId)
}

export function deleteTemporaryCall({ sqlite }: WriteTransaction, runId: string): void {
  prepare(sqlite, 'DELETE FROM temporary_calls WHERE run_id = ?').run(runId)
}

export function listTemporaryCalls(sqlite: Sqlite): TemporaryCallRow[] {
  return prepare<TemporaryCallRow>(sqlite, 'SELECT * FROM temporary_calls').all()
}
