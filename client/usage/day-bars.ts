import { NO_USAGE, type UsageSums } from '#shared/usage-sums.ts'
import { dayOf } from '../platform/day.ts'

/** One day of the chart. */
export type DayBar = {
  readonly dayMs: number
  readonly sums: UsageSums
  /** Its height in whole dots; what is not nothing is at least one. */
  readonly dots: number
  readonly isWeekend: boolean
  readonly isToday: boolean
}

export type DayChart = {
  readonly bars: readonly DayBar[]
  /** Money where any was spent; tokens where all was free. */
  readonly measure: 'cost' | 'tokens'
  /** What a grid line stands for, in nano-dollars or tokens. */
  readonly step: number
}

/** Dots between two grid lines, and the most that stand above each other. */
export const DOTS_A_STEP = 8
export const MOST_DOTS = 26

/** Bars for days, scaled to round steps so that the highest fits. */
export function dayChart(days: readonly number[], byDay: ReadonlyMap<string, UsageSums>, nowMs: number): DayChart {
  const rows = days.map(dayMs => ({ dayMs, sums: byDay.get(dayOf(dayMs)) ?? NO_USAGE }))
  const measure = rows.some(({ sums }) => sums.cost_nanousd > 0) ? 'cost' : 'tokens'
  const measured = measure === 'cost' ? (sums: UsageSums) => sums.cost_nanousd : tokensOf
  const step = stepFor(Math.max(0, ...rows.map(({ sums }) => measured(sums))))
  const bars = rows.map(({ dayMs, sums }) => {
    const value = measured(sums)
    const dots = value === 0 ? 0 : Math.max(1, Math.round((value / step) * DOTS_A_STEP))
    const weekday = new Date(dayMs).getDay()
    return { dayMs, sums, dots, isWeekend: weekday === 0 || weekday === 6, isToday: dayOf(dayMs) === dayOf(nowMs) }
  })
  return { bars, measure, step }
}

/** All tokens of a set of calls, in and out. */
export function tokensOf(sums: UsageSums): number {
  return (
    sums.tokens_input + sums.tokens_cache_read + sums.tokens_cache_write + sums.tokens_output + sums.tokens_reasoning
  )
}

/** The least of 1, 2, 5, 10, 20, … of which the most that can be drawn reaches the highest value. */
function stepFor(highest: number): number {
  const most = MOST_DOTS / DOTS_A_STEP
  for (let power = 1; ; power *= 10) {
    const found = [1, 2, 5].find(digit => highest <= digit * power * most)
    if (found !== undefined) return found * power
  }
}
