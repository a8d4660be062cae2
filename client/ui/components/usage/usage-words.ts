import { formatTotal } from '#shared/money.ts'
import type { UsageSums } from '#shared/usage-sums.ts'
import { formatCount, formatTokens } from '../../format.ts'

/** What a set of calls cost: `$7.94`, `free`, `unpriced`, `$2.11 + 3 unpriced`. An unknown price is never counted as nothing. */
export function costWords(sums: UsageSums): string {
  const { cost_nanousd, unpriced_requests, requests } = sums
  if (unpriced_requests === requests && requests > 0) return 'unpriced'
  const cost = cost_nanousd === 0 && requests > 0 ? 'free' : formatTotal(cost_nanousd)
  return unpriced_requests === 0 ? cost : `${cost} + ${formatCount(unpriced_requests)} unpriced`
}

/** `64 %`; what is more than nothing is not `0 %`. */
export function shareWords(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole
  return percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`
}

export function callsWords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'call' : 'calls'}`
}

/** A grid line's label. */
export function stepWords(value: number, measure: 'cost' | 'tokens'): string {
  if (measure === 'tokens') return formatTokens(value)
  const usd = value / 1_000_000_000
  return usd >= 0.01 ? usd.toFixed(2) : String(Number(usd.toPrecision(1)))
}
