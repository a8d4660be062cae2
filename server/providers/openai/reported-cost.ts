import { isRecord, type JsonRecord } from './json.ts'

// xAI counts in ticks of 10^-10 dollars.
const PICOUSD_PER_TICK = 100n

/** The cost that a usage object states itself, in pico-dollars: xAI's ticks, OpenRouter's `cost`, Perplexity's `cost.total_cost`. */
export function picousdOf(usage: JsonRecord): bigint | null {
  if (typeof usage.cost_in_usd_ticks === 'number' && Number.isSafeInteger(usage.cost_in_usd_ticks)) {
    return BigInt(usage.cost_in_usd_ticks) * PICOUSD_PER_TICK
  }
  const cost = parseUsd(isRecord(usage.cost) ? usage.cost.total_cost : usage.cost)
  if (cost === null || usage.is_byok !== true) return cost
  // With the owner's own key at OpenRouter, `cost` is only its fee: the provider behind it bills the rest.
  const upstream = isRecord(usage.cost_details) ? parseUsd(usage.cost_details.upstream_inference_cost) : null
  return cost + (upstream ?? 0n)
}

/** Dollars as written in JSON to pico-dollars, half to even, by digits and not by floating point. */
function parseUsd(value: unknown): bigint | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null
  // 0.0076509169000000005   5.45211e-05
  // ^ ^                     ^ ^^^^^ ^^^
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i.exec(String(value))
  if (match === null) return null
  const [, whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent) + 12 - fraction.length
  const digits = BigInt(whole + fraction)
  return shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfEven(digits, 10n ** BigInt(-shift))
}

function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const twice = (dividend % divisor) * 2n
  return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient
}
