import type { TokenBuckets } from '#shared/records.ts'

/** What one call used, as the provider reported it. */
export type Usage = {
  readonly tokens: TokenBuckets
  /** The provider's own object, kept for ever beside the cost that was made from it. */
  readonly raw: unknown
  /** What was served, which decides the price: `default`, `priority`, `flex`, …; null where the provider has no tiers. */
  readonly serviceTier: string | null
  /** A cost that the provider states itself, in pico-dollars (10^-12 USD); it wins over our own sum. */
  readonly reportedPicousd: bigint | null
}

/** Where the prices of a provider's models are found. */
export type PriceSource =
  /** Runs on the owner's own machine: costs nothing by rule, not for want of a price. */
  | {
      readonly kind: 'free' /** Models that run elsewhere all the same, at a price we do not know. */
      readonly isBilled?: (model: string) => boolean
    }
  /** A provider known to the price list by this id. */
  | { readonly kind: 'listed'; readonly providerId: string }
  | { readonly kind: 'unknown' }
