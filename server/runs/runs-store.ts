import { isRunEnd, type RunState } from '#shared/runs.ts'
import type { Sqlite } from '../database/open-database.ts'
import { insertRow, prepare, updateRow } from '../database/query.ts'
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
  return prepare<StoredRun>(sqlite, 'SELECT * FROM runs WHERE id = ? AND user_id = ?').get(id, userId)
}

/** A run in whatever hands: its id may be another user's. */
export function findRunOfAnyone(sqlite: Sqlite, id: string): StoredRun | undefined {
  return prepare<StoredRun>(sqlite, 'SELECT * FROM runs WHERE id = ?').get(id)
}

/** True when the run was stopped before it came. */
export function isCancelledEarly(sqlite: Sqlite, userId: number, id: string): boolean {
  return prepare(sqlite, 'SELECT 1 FROM cancelled_runs WHERE id = ? AND user_id = ?').get(id, userId) !== undefined
}

/** Notes that a run which is not there yet must not begin. */
export function cancelEarly(transaction: WriteTransaction, userId: number, id: string): void {
  prepare(
    transaction.sqlite,
    'INSERT INTO cancelled_runs (id, user_id, cancelled_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(id, userId, transaction.now)
}

/** Notes that somebody wants the run stopped; what has ended stays as it is. */
export function requestCancel(transaction: WriteTransaction, id: string): void {
  prepare(
    transaction.sqlite,
    'UPDATE runs SET cancel_at = coalesce(cancel_at, ?) WHERE id = ? AND ended_at IS NULL',
  ).run(transaction.now, id)
}

/** The unfinished runs that read or write one of a conversation's messages, or with `messageId` that very one. */
export function listUnfinishedRunIds(
  sqlite: Sqlite,
  of: { readonly conversationId: string; readonly messageId?: string },
): string[] {
  const { conversationId, messageId = null } = of
  return prepare<{ id: string }>(
    sqlite,
    `SELECT id FROM runs WHERE conversation_id = @conversationId AND ended_at IS NULL
     AND (@messageId IS NULL OR message_id = @messageId OR user_message_id = @messageId) ORDER BY created_at, id`,
  )
    .all({ conversationId, messageId })
    .map(({ id }) => id)
}

/** Forgets what the runs of a purged conversation were asked with; that they were, stays. */
export function emptyRuns(transaction: WriteTransaction, conversationId: string): void {
  const { sqlite } = transaction
  prepare(sqlite, `UPDATE runs SET request = '{"system":null,"params":{}}' WHERE conversation_id = ?`).run(
    conversationId,
  )
  prepare(sqlite, 'DELETE FROM run_events WHERE run_id IN (SELECT id FROM runs WHERE conversation_id = ?)').run(
    conversationId,
  )
}

/** Runs that no end was written for, oldest first. */
export function listUnfinishedRuns(sqlite: Sqlite): StoredRun[] {
  return prepare<StoredRun>(sqlite, 'SELECT * FROM runs WHERE ended_at IS NULL ORDER BY created_at, id').all()
}

export function insertRun(transaction: WriteTransaction, row: NewRun): void {
  insertRow(transaction.sqlite, 'runs', row)
}

/** Moves a run on. A run that has ended never changes again. */
export function updateRun(
  transaction: WriteTransaction,
  id: string,
  values: RunChange & { readonly state?: RunState },
): void {
  const ended = values.state !== undefined && isRunEnd(values.state) ? { ended_at: transaction.now } : {}
  updateRow(transaction.sqlite, 'runs', { id, condition: 'ended_at IS NULL' }, { ...values, ...ended })
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
  return prepare<RunEventRow>(sqlite, 'SELECT * FROM run_events WHERE run_id = ? ORDER BY seq').all(runId)
}

export function deleteRunEvents(transaction: WriteTransaction, runId: string): void {
  prepare(transaction.sqlite, 'DELETE FROM run_events WHERE run_id = ?').run(runId)
}
