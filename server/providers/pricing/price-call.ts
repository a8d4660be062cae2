import type { ModelPrice } from '#shared/models.ts'
import { picousdToNanousd } from '#shared/money.ts'
import type { PriceLine, TokenBuckets } from '#shared/records.ts'
import type { PriceSource, Usage } from '../usage.ts'
import { findPriceTable, type Price, type Prices } from './price-table.ts'
import { perThousandPicousd, priceAt, totalInput, unitPicousd } from './rates.ts'
import { type TierFactor, tierFactor } from './service-tier.ts'

export type PricedCall = {
  readonly source: PriceSource
  /** As asked for, without the provider's prefix. */
  readonly model: string
  /** As the provider says it answered; it alone decides the price where it is known. */
  readonly servedModel: string | null
  readonly usage: Usage
  /** When the call was made, in milliseconds: prices change by the day, some by the hour. */
  readonly at: number
}

export type CallPrice = {
  /** Integer nano-dollars; null where any part of the call has no known price, never 0. */
  readonly costNanousd: number | null
  readonly state: 'reported' | 'unpriced'
  /** Where the prices come from. */
  readonly version: string | null
  /** What was multiplied; the products add up to the cost before its one rounding. */
  readonly lines: readonly PriceLine[] | null
}

const UNPRICED: CallPrice = { costNanousd: null, state: 'unpriced', version: null, lines: null }
const FREE: ModelPrice = { input: 0, output: 0, cache_read: 0, cache_write: 0 }
/** US dollars for a thousand of the provider's own web searches, on models whose entry does not say. */
const WEB_SEARCH_FEES: Readonly<Record<string, number>> = { openai: 10, anthropic: 10 }
const BUCKETS = [
  'input',
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'cache_write_12h',
  'output',
  'reasoning',
  'input_audio',
  'output_audio',
  'web_searches',
] as const satisfies readonly (keyof TokenBuckets)[]

/** The exact cost of one call from what it used: the provider's own figure if it gave one, else our sum, else unpriced. */
export function priceCall(call: PricedCall): CallPrice {
  const { source, usage } = call
  if (usage.reportedPicousd !== null) return fromProvider(usage.reportedPicousd)
  if (!isCountable(usage.tokens) || source.kind === 'unknown') return UNPRICED
  if (source.kind === 'free') {
    if (source.isBilled?.(call.model)) return UNPRICED
    return { costNanousd: 0, state: 'reported', version: 'free', lines: [] }
  }

  const model = call.servedModel ?? call.model
  const table = findPriceTable(source.providerId, model, call.at)
  const factor = tierFactor(source.providerId, model, usage)
  if (!table || !factor) return UNPRICED
  const prices = { web_searches_kcount: WEB_SEARCH_FEES[source.providerId], ...table.prices }
  const lines = priceLines(usage.tokens, prices, factor)
  if (!lines) return UNPRICED
  const version = factor.label === null ? table.version : `${table.version}; ${factor.label}`
  return { costNanousd: picousdToNanousd(sumPicousd(lines)), state: 'reported', version, lines }
}

/** A model's ordinary prices at a moment, in US dollars per million tokens; null where they are not known. */
export function priceOfModel(source: PriceSource, model: string, at: number): ModelPrice | null {
  if (source.kind === 'free') return source.isBilled?.(model) ? null : FREE
  if (source.kind === 'unknown') return null
  const prices = findPriceTable(source.providerId, model, at)?.prices
  const input = basePrice(prices?.['input_mtok'])
  const output = basePrice(prices?.['output_mtok'])
  if (!prices || input === null || output === null) return null
  return {
    input,
    output,
    cache_read: basePrice(prices['cache_read_mtok']),
    cache_write: basePrice(prices['cache_write_mtok']),
  }
}

/** The products' sum in pico-dollars, before it is rounded. */
export function sumPicousd(lines: readonly PriceLine[]): bigint {
  return lines.reduce((sum, line) => sum + BigInt(line.count) * BigInt(line.unit_picousd), 0n)
}

function priceLines(tokens: TokenBuckets, prices: Prices, factor: TierFactor): readonly PriceLine[] | null {
  const options = { totalInput: totalInput(tokens), factor }
  const lines: PriceLine[] = []
  for (const bucket of BUCKETS) {
    if (tokens[bucket] === 0) continue
    const unit = unitPicousd(bucket, prices, options)
    if (unit === null) return null
    lines.push({ bucket, count: tokens[bucket], unit_picousd: String(unit) })
  }
  const fee = prices['requests_kcount']
  if (fee === undefined) return lines
  const unit = perThousandPicousd(priceAt(fee, options.totalInput))
  return unit === null ? null : [...lines, { bucket: 'requests', count: 1, unit_picousd: String(unit) }]
}

function fromProvider(picousd: bigint): CallPrice {
  if (picousd < 0n) return UNPRICED
  const lines = [{ bucket: 'provider', count: 1, unit_picousd: String(picousd) }]
  return { costNanousd: picousdToNanousd(picousd), state: 'reported', version: 'provider', lines }
}

/** Counts that are not whole numbers from zero up come from a fault, and a price made from them would hide it. */
function isCountable(tokens: TokenBuckets): boolean {
  return BUCKETS.every(bucket => Number.isSafeInteger(tokens[bucket]) && tokens[bucket] >= 0)
}

function basePrice(price: Price | undefined): number | null {
  return price === undefined ? null : priceAt(price, 0)
}
