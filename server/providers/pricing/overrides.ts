import { withoutRelease } from './model-names.ts'
import type { Prices, PriceTable } from './price-table.ts'

type Override = {
  readonly provider: string
  readonly model: string
  /** First day (UTC) of these prices. */
  readonly from: string
  readonly prices: Prices
}

const LONG = 272_000

/*
 * Prices that the price list lacks. A row never changes once it is here, since stored costs name it: a new price is a new
 * row. Sources: developers.openai.com/api/docs/pricing and platform.claude.com/docs/en/about-claude/pricing.
 */
const OVERRIDES: readonly Override[] = [
  {
    provider: 'openai',
    model: 'gpt-6.1-sol',
    from: '2026-09-29',
    prices: {
      input_mtok: { base: 2, tiers: [{ start: LONG, price: 4 }] },
      cache_read_mtok: { base: 0.1, tiers: [{ start: LONG, price: 0.2 }] },
      cache_write_mtok: { base: 2.5, tiers: [{ start: LONG, price: 5 }] },
      output_mtok: { base: 10, tiers: [{ start: LONG, price: 15 }] },
    },
  },
  {
    provider: 'openai',
    model: 'gpt-6.1-terra',
    from: '2026-10-26',
    prices: {
      input_mtok: { base: 1, tiers: [{ start: LONG, price: 2 }] },
      cache_read_mtok: { base: 0.05, tiers: [{ start: LONG, price: 0.1 }] },
      cache_write_mtok: { base: 1.25, tiers: [{ start: LONG, price: 2.5 }] },
      cache_write_12h_mtok: { base: 2.5, tiers: [{ start: LONG, price: 5 }] },
      output_mtok: { base: 5, tiers: [{ start: LONG, price: 7.5 }] },
    },
  },
  { provider: 'anthropic', model: 'claude-sonnet-5-5', from: '2026-09-28', prices: flat(2, 10, 0.2) },
  { provider: 'anthropic', model: 'claude-sonnet-5-5', from: '2026-10-07', prices: flat(2, 10, 0.1) },
  {
    provider: 'anthropic',
    model: 'claude-haiku-5-5',
    from: '2026-10-07',
    prices: {
      input_mtok: { base: 0.1, tiers: [{ start: 100_000, price: 0.5 }] },
      cache_read_mtok: { base: 0.01, tiers: [{ start: 100_000, price: 0.05 }] },
      cache_write_mtok: { base: 0.125, tiers: [{ start: 100_000, price: 0.625 }] },
      cache_write_1h_mtok: { base: 0.2, tiers: [{ start: 100_000, price: 1 }] },
      output_mtok: { base: 0.5, tiers: [{ start: 100_000, price: 2.5 }] },
    },
  },
]

/** Our own price for a model (lower case) at a moment, or null where the price list has to know it. */
export function findOverride(providerId: string, model: string, atMs: number): PriceTable | null {
  const name = withoutRelease(model)
  const row = OVERRIDES.findLast(
    ({ provider, model: known, from }) => provider === providerId && known === name && Date.parse(from) <= atMs,
  )
  return row ? { prices: row.prices, version: `llm-router ${row.model} ${row.from}` } : null
}

/** Anthropic writes a cache for 1.25 times the input price (5 minutes) or twice (an hour), at any prompt length. */
function flat(input: number, output: number, cacheRead: number): Prices {
  return {
    input_mtok: input,
    cache_read_mtok: cacheRead,
    cache_write_mtok: input * 1.25,
    cache_write_1h_mtok: input * 2,
    output_mtok: output,
  }
}
