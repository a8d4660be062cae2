import type { UsageLog } from '#shared/records.ts'
import { run, sql } from '../database/query.ts'
import type { WriteTransaction } from '../database/writer.ts'

/** Adds one call to the ledger. The same run and attempt a second time is an error: a call is counted once. */
export function insertUsageLog(transaction: WriteTransaction, userId: number, log: UsageLog): void {
  run(
    transaction.sqlite,
    sql.insertInto('usage_logs').values({
      ...log,
      user_id: userId,
      price_lines: log.price_lines === null ? null : JSON.stringify(log.price_lines),
      raw_usage: log.raw_usage === null ? null : JSON.stringify(log.raw_usage),
    }),
  )
}
