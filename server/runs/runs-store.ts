import { isRunEnd, type RunState } from '#shared/runs.ts'
import type { Sqlite } from '../database/open-database.ts'
import { all, first, prepare, run, sql } from '../database/query.ts'
import type { NewRun, RunChange, RunEventRow, StoredRun } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'

/** A run as `GET /api/runs/:id` shows it. */
export type RunView = Pick<
  StoredRun,
  | 'id'
  | 'conversation_id'
  | 'message_id'
  | 'user_message_id'
  | 'model'
  | 'state'
  | 'attempt'
  | 'created_at'
  | 'ended_at'
> & { readonly error: unknown }

export function runViewOf(row: StoredRun): RunView {
  const { id, conversation_id, message_id, user_message_id, model, state, attempt, created_at, ended_at } = row
  const error = row.error === null ? null : JSON.parse(row.error)
  return { id, conversation_id, message_id, user_message_id, model, state, attempt, created_at, ended_at, error }
}

export function findRun(sqlite: Sqlite, userId: number, id: string): StoredRun | undefined {
  return first(sqlite, sql.selectFrom('runs').selectAll().where('id', '=', id).where('user_id', '=', userId))
}

/** Runs that no end was written for, oldest first. */
export function listUnfinishedRuns(sqlite: Sqlite): StoredRun[] {
  return all(
    sqlite,
    sql.selectFrom('runs').selectAll().where('ended_at', 'is', null).orderBy('created_at').orderBy('id'),
  )
}

export function insertRun(transaction: WriteTransaction, row: NewRun): void {
  run(transaction.sqlite, sql.insertInto('runs').values(row))
}

/** Moves a run on. A run that has ended never changes again. */
export function updateRun(
  transaction: WriteTransaction,
  id: string,
  values: RunChange & { readonly state?: RunState },
): void {
  const ended = values.state !== undefined && isRunEnd(values.state) ? { ended_at: transaction.now } : {}
  run(
    transaction.sqlite,
    sql
      .updateTable('runs')
      .set({ ...values, ...ended })
      .where('id', '=', id)
      .where('ended_at', 'is', null),
  )
}

export function insertRunEvent(sqlite: Sqlite, row: RunEventRow): void {
  prepare(sqlite, 'INSERT INTO run_events (run_id, seq, channel, data) VALUES (?, ?, ?, ?)').run(
    row.run_id,
    row.seq,
    row.channel,
    row.data,
  )
}

export function listRunEvents(sqlite: Sqlite, runId: string): RunEventRow[] {
  return all(sqlite, sql.selectFrom('run_events').selectAll().where('run_id', '=', runId).orderBy('seq'))
}

export function deleteRunEvents(transaction: WriteTransaction, runId: string): void {
  prepare(transaction.sqlite, 'DELETE FROM run_events WHERE run_id = ?').run(runId)
}
