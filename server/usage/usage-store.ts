import type { UsageLog } from '#shared/records.ts'
import type { Sqlite } from '../database/open-database.ts'
import { first, insertRow, sql } from '../database/query.ts'
import type { WriteTransaction } from '../database/writer.ts'

/** True when the ledger holds a call of the run. */
export function hasUsageLog(sqlite: Sqlite, runId: string): boolean {
  return first(sqlite, sql.selectFrom('usage_logs').select('id').where('run_id', '=', runId)) !== undefined
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
