import { nanousdToUsd } from '#shared/money.ts'
import { NO_USAGE, type UsageSums } from '#shared/usage-sums.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'

export type DollarSums = UsageSums & {
  /** US dollars. */
  readonly cost: number
}

export type UsageSummary = {
  readonly total: DollarSums
  readonly by_model: readonly ({ readonly model: string } & DollarSums)[]
  /** Days are UTC. */
  readonly by_day: readonly ({ readonly day: string } & DollarSums)[]
  readonly by_conversation: readonly ({
    readonly conversation_id: string
    readonly title: string | null
  } & DollarSums)[]
  readonly by_device: readonly ({ readonly device_id: string | null } & DollarSums)[]
}

type Range = { readonly userId: number; readonly from: number; readonly to: number }

const SUMS = `
  COUNT(*) AS requests,
  COALESCE(SUM(tokens_input), 0) AS tokens_input,
  COALESCE(SUM(tokens_output), 0) AS tokens_output,
  COALESCE(SUM(tokens_cache_read), 0) AS tokens_cache_read,
  COALESCE(SUM(tokens_cache_write), 0) AS tokens_cache_write,
  COALESCE(SUM(tokens_reasoning), 0) AS tokens_reasoning,
  COALESCE(SUM(cost_nanousd), 0) AS cost_nanousd,
  COALESCE(SUM(price_state = 'unpriced'), 0) AS unpriced_requests,
  COALESCE(SUM(price_state = 'estimated'), 0) AS estimated_requests`

const FROM = 'FROM usage_logs WHERE user_id = @userId AND timestamp >= @from AND timestamp < @to'

/** Sums of the ledger from `from` to just before `to`; every breakdown adds up to the total, to the nano-dollar. */
export function summarizeUsage(sqlite: Sqlite, range: Range): UsageSummary {
  const [total] = sums<object>(sqlite, `SELECT ${SUMS} ${FROM}`, range)
  return {
    total: total ?? withDollars(NO_USAGE),
    by_model: sums(sqlite, `SELECT model, ${SUMS} ${FROM} GROUP BY model ORDER BY cost_nanousd DESC, model`, range),
    by_day: sums(
      sqlite,
      `SELECT date(timestamp / 1000, 'unixepoch') AS day, ${SUMS} ${FROM} GROUP BY day ORDER BY day`,
      range,
    ),
    by_conversation: sums(
      sqlite,
      `SELECT conversation_id, (SELECT title FROM conversations c WHERE c.id = conversation_id) AS title, ${SUMS} ${FROM}
       GROUP BY conversation_id ORDER BY cost_nanousd DESC, conversation_id`,
      range,
    ),
    by_device: sums(
      sqlite,
      `SELECT device_id, ${SUMS} ${FROM} GROUP BY device_id ORDER BY cost_nanousd DESC, device_id`,
      range,
    ),
  }
}

function sums<Key extends object>(sqlite: Sqlite, text: string, range: Range): (Key & DollarSums)[] {
  return prepare<Key & UsageSums>(sqlite, text).all(range).map(withDollars)
}

function withDollars<Row extends UsageSums>(row: Row): Row & DollarSums {
  return { ...row, cost: nanousdToUsd(row.cost_nanousd) }
}
