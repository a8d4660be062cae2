import type { PriceState } from './records.ts'

/*
 * Money is whole nano-dollars (10^-9 USD) wherever it is kept, and whole pico-dollars (10^-12 USD) while it is being
 * multiplied: a price of $1 per million tokens is 10^6 pico-dollars per token, so nearly every listed price is a whole
 * number of them. Rounding happens once, when a ledger row's sum becomes nano-dollars.
 */

const PICOUSD_PER_NANOUSD = 1_000n
const NANOUSD_PER_USD = 1_000_000_000
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i

/** `numerator / denominator` to the nearest integer; a tie goes to the even one. The denominator is positive. */
export function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n) return -roundHalfEven(-numerator, denominator)
  const quotient = numerator / denominator
  const twiceRest = 2n * (numerator - quotient * denominator)
  const isUp = twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n)
  return isUp ? quotient + 1n : quotient
}

/**
 * A decimal times `10^places` as an integer, read from its digits and never multiplied as a float; what does not fit is
 * rounded half-even. Null for anything that is not a finite decimal number.
 */
export function scaleDecimal(value: number | string, places: number): bigint | null {
  const match = DECIMAL.exec(String(value))
  if (!match) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const shift = places + Number(exponent) - fraction.length
  // Beyond this a "price" is nonsense, and building 10^shift would only cost memory.
  if (Math.abs(shift) > 400) return null
  const digits = BigInt(sign + whole + fraction)
  return shift >= 0 ? digits * 10n ** BigInt(shift) : roundHalfEven(digits, 10n ** BigInt(-shift))
}

/** Pico-dollars to nano-dollars, rounded half-even: done once for each ledger row, never for each token. */
export function picousdToNanousd(picousd: bigint): number {
  return Number(roundHalfEven(picousd, PICOUSD_PER_NANOUSD))
}

/** What so many tokens cost in nano-dollars at a price in US dollars per million tokens. */
export function estimateNanousd(tokens: number, usdPerMillion: number): number {
  const picousdPerToken = scaleDecimal(usdPerMillion, 6) ?? 0n
  return picousdToNanousd(BigInt(Math.round(tokens)) * picousdPerToken)
}

/** US dollars as a decimal number, for people and spreadsheets; sums are made from the nano-dollars. */
export function nanousdToUsd(nanousd: number): number {
  return nanousd / NANOUSD_PER_USD
}

/** Every digit there is: `$0.009123456`. */
export function formatNanousd(nanousd: number): string {
  return toDollars(BigInt(nanousd), 9)
}

/** The cost of one answer: `$0.0091`, `≈$0.024` where we had to count ourselves, `free`, `unpriced`. */
export function formatAnswerCost(costNanousd: number | null, state: PriceState | null): string {
  if (costNanousd === null || state === 'unpriced') return 'unpriced'
  if (costNanousd === 0) return 'free'
  return state === 'estimated' ? `≈${formatRounded(costNanousd, 3)}` : formatRounded(costNanousd, 4)
}

/** What sending will cost, before it is sent: `≈ $0.006`, `free`, `unpriced`. */
export function formatEstimate(costNanousd: number | null): string {
  if (costNanousd === null) return 'unpriced'
  return costNanousd === 0 ? 'free' : `≈ ${formatRounded(costNanousd, 3)}`
}

/** A sum over answers: `$12.40`. */
export function formatTotal(costNanousd: number): string {
  return formatRounded(costNanousd, 2)
}

/** Something that was paid for never reads as nothing: below the last shown digit it is `<$0.0001`. */
function formatRounded(nanousd: number, decimals: number): string {
  const rounded = roundHalfEven(BigInt(nanousd), 10n ** BigInt(9 - decimals))
  if (rounded === 0n && nanousd > 0) return `<${toDollars(1n, decimals)}`
  return toDollars(rounded, decimals)
}

function toDollars(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : ''
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0')
  return `${sign}$${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
