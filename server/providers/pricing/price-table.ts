import { findListedPrices } from './listed-prices.ts'
import { findOverride } from './overrides.ts'

/** One price, or one that rises for the whole request once its total input is above `start` tokens. */
export type Price = number | { readonly base: number; readonly tiers: readonly PriceTier[] }
type PriceTier = { readonly start: number; readonly price: number }

/**
 * A model's prices by the price list's own keys: `_mtok` is US dollars per million tokens, `_kcount` per thousand
 * calls. Our own rows add `cache_write_12h_mtok`, which the list does not know.
 */
export type Prices = Readonly<Record<string, Price | undefined>>

/** `version` names where the prices come from and how old they are; it is kept with every cost made from them. */
export type PriceTable = { readonly prices: Prices; readonly version: string }

/** The prices of a provider's model at a moment (ms), or null where none is known for exactly this model. */
export function findPriceTable(providerId: string, model: string, atMs: number): PriceTable | null {
  const name = model.toLowerCase().trim()
  return findOverride(providerId, name, atMs) ?? findListedPrices(providerId, name, atMs)
}
