import { BUDGET_SETTING, type Budget } from '#shared/budget.ts'
import { parseBudget } from '#shared/wire/budget.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'

/** A user's limits, as their devices have set them; null where there are none. */
export function findBudget(sqlite: Sqlite, userId: number): Budget | null {
  const row = prepare<{ value: string }>(
    sqlite,
    'SELECT value FROM settings WHERE user_id = ? AND id = ? AND purged = 0',
  ).get(userId, BUDGET_SETTING)
  return row ? parseBudget(JSON.parse(row.value)) : null
}

/** Nano-dollars of a user's calls since a time, by the ledger; calls without a known price add nothing. */
export function spentSince(sqlite: Sqlite, userId: number, sinceMs: number): number {
  const row = prepare<{ spent: number }>(
    sqlite,
    'SELECT COALESCE(SUM(cost_nanousd), 0) AS spent FROM usage_logs WHERE user_id = ? AND timestamp >= ?',
  ).get(userId, sinceMs)
  return row?.spent ?? 0
}
