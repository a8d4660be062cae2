import type { Period } from './periods.ts'

/** How a period's spending stands to its limit and to an even pace. All money in nano-dollars. */
export type Pace = {
  /** How much of the period is over, from 0 to 1. */
  readonly elapsed: number
  /** What the period comes to at this rate; null while less than a day of it is over, and once all is. */
  readonly expected: number | null
  /** Days that begin after today. */
  readonly daysLeft: number
}

const DAY_MS = 86_400_000

/** The pace of a spending. */
export function paceOf(spentNanousd: number, { fromMs, toMs }: Period, nowMs: number): Pace {
  const elapsed = Math.min(1, Math.max(0, (nowMs - fromMs) / (toMs - fromMs)))
  const isUnderWay = nowMs - fromMs >= DAY_MS && nowMs < toMs
  return {
    elapsed,
    expected: isUnderWay ? Math.round(spentNanousd / elapsed) : null,
    daysLeft: nowMs >= toMs ? 0 : Math.max(0, Math.ceil((toMs - nowMs) / DAY_MS) - 1),
  }
}
