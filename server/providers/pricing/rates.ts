import { roundHalfEven, scaleDecimal } from '#shared/money.ts'
import type { TokenBuckets } from '#shared/records.ts'
import type { Price, Prices } from './price-table.ts'
import type { TierFactor } from './service-tier.ts'

type RateRule = {
  /** The first of these that has a price is what the bucket costs. */
  readonly keys: readonly string[]
  readonly unit: 'million tokens' | 'thousand calls'
}

/*
 * A read or write with no price of its own is billed as the fresh input it is part of, and reasoning as output. The dearer
 * kinds (a long-lived write, audio) have no such parent: without a price of their own they are unpriced.
 */
const RULES: Readonly<Record<keyof TokenBuckets, RateRule>> = {
  input: { keys: ['input_mtok'], unit: 'million tokens' },
  cache_read: { keys: ['cache_read_mtok', 'input_mtok'], unit: 'million tokens' },
  cache_write: { keys: ['cache_write_mtok', 'input_mtok'], unit: 'million tokens' },
  cache_write_1h: { keys: ['cache_write_1h_mtok'], unit: 'million tokens' },
  cache_write_12h: { keys: ['cache_write_12h_mtok'], unit: 'million tokens' },
  output: { keys: ['output_mtok'], unit: 'million tokens' },
  reasoning: { keys: ['output_reasoning_mtok', 'output_mtok'], unit: 'million tokens' },
  input_audio: { keys: ['input_audio_mtok'], unit: 'million tokens' },
  output_audio: { keys: ['output_audio_mtok'], unit: 'million tokens' },
  web_searches: { keys: ['web_searches_kcount'], unit: 'thousand calls' },
}

/** The whole prompt: what decides whether a request is long enough for the higher price. */
export function totalInput(tokens: TokenBuckets): number {
  const { input, cache_read, cache_write, cache_write_1h, cache_write_12h, input_audio } = tokens
  return input + cache_read + cache_write + cache_write_1h + cache_write_12h + input_audio
}

/** What one unit of a bucket costs in pico-dollars; null where no price is known. Only tokens feel the service tier. */
export function unitPicousd(
  bucket: keyof TokenBuckets,
  prices: Prices,
  options: { readonly totalInput: number; readonly factor: TierFactor },
): bigint | null {
  const { keys, unit } = RULES[bucket]
  const price = keys.map(key => prices[key]).find(found => found !== undefined)
  if (price === undefined) return null
  const usd = priceAt(price, options.totalInput)
  if (unit === 'thousand calls') return perThousandPicousd(usd)
  const picousd = scaleDecimal(usd, 6)
  return picousd === null ? null : roundHalfEven(picousd * options.factor.numerator, options.factor.denominator)
}

/** US dollars per thousand calls as pico-dollars for one. */
export function perThousandPicousd(usd: number): bigint | null {
  return scaleDecimal(usd, 9)
}

/** The price of a request with so much input: above a limit the whole of it is dearer, not only the part above. */
export function priceAt(price: Price, total: number): number {
  if (typeof price === 'number') return price
  let usd = price.base
  for (const tier of price.tiers) if (total > tierStart(tier.start)) usd = tier.price
  return usd
}

/** Some of the list's limits are one short: 271,999 where the provider says "above 272,000". */
function tierStart(start: number): number {
  return start % 1_000 === 999 ? start + 1 : start
}
