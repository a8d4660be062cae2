import type { UsageLog } from '#shared/records.ts'
import type { Sqlite } from '../database/open-database.ts'
import { insertRow, prepare } from '../database/query.ts'
import type { StoredUsageLog } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'

/** True when the ledger holds a call of the run. */
export function hasUsageLog(sqlite: Sqlite, runId: string): boolean {
  return prepare(sqlite, 'SELECT 1 FROM usage_logs WHERE run_id = ?').get(runId) !== undefined
}

/** The calls of a run, in no order. */
export function listUsageLogs(sqlite: Sqlite, runId: string): StoredUsageLog[] {
  return prepare<StoredUsageLog>(sqlite, 'SELECT * FROM usage_logs WHERE run_id = ?').all(runId)
}

/** Adds one call to the ledger. The same run and attempt a second time is an error: a call is counted once. */
export function insertUsageLog(transaction: WriteTransaction, userId: number, log: UsageLog): void {
  insertRow(transaction.sqlite, 'usage_logs', {
    ...log,
    user_id: userId,
    rev: transaction.nextRev(),
    price_lines: log.price_lines === null ? null : JSON.stringify(log.price_lines),
    raw_usage: log.raw_usage === null ? null : JSON.stringify(log.raw_usage),
  })
}
