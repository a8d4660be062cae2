import { formatTotal } from './money.ts'

/** The setting that holds the limits. */
export const BUDGET_SETTING = 'budget'

/** Limits of one period in nano-dollars; null where there is none. */
export type Limits = {
  /** From here on it is said. */
  readonly warn_nanousd: number | null
  /** From here on nothing that costs money is asked. */
  readonly stop_nanousd: number | null
}

export type Budget = {
  /** Whose midnight ends a day and a month. */
  readonly time_zone: string
  readonly day: Limits
  readonly month: Limits
}

type BudgetPeriod = 'day' | 'month'

/** What was spent in the day and the month of now, in nano-dollars. Calls without a known price are not in it. */
export type Spent = Readonly<Record<BudgetPeriod, number>>

/** The limit that counts most now: a stop before a warning, the month before the day. */
export type BudgetStanding = {
  readonly level: 'warn' | 'stop'
  readonly period: BudgetPeriod
  readonly limitNanousd: number
  readonly spentNanousd: number
}

/** Null while every limit has room. A limit of nothing is reached from the start. */
export function judgeBudget(budget: Budget | null, spent: Spent): BudgetStanding | null {
  if (budget === null) return null
  for (const level of ['stop', 'warn'] as const) {
    for (const period of ['month', 'day'] as const) {
      const limitNanousd = budget[period][`${level}_nanousd`]
      const spentNanousd = spent[period]
      if (limitNanousd !== null && spentNanousd >= limitNanousd) return { level, period, limitNanousd, spentNanousd }
    }
  }
  return null
}

/** `limit of $20.00 for this month`. */
export function limitWords({ period, limitNanousd }: BudgetStanding): string {
  return `limit of ${formatTotal(limitNanousd)} for ${period === 'day' ? 'today' : 'this month'}`
}
