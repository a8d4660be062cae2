import { createRequire } from 'node:module'
import type * as GenaiPrices from '@pydantic/genai-prices'
import type { ModelInfo } from '@pydantic/genai-prices'
import { namesModel } from './model-names.ts'
import type { Prices, PriceTable } from './price-table.ts'

/** The package and the day its data is of; a test holds the number to the installed package. */
export const PRICE_LIST_VERSION = 'genai-prices@0.1.8 (2026-09-23)'

/** What a chat can be billed by, as our token buckets tell it. */
const PRICEABLE = new Set([
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'cache_write_1h_mtok',
  'output_reasoning_mtok',
  'input_audio_mtok',
  'output_audio_mtok',
  'web_searches_kcount',
  'requests_kcount',
])
/** Prices of things that no adapter here can ask for, so they never stand on a bill of ours. */
const IRRELEVANT = new Set(['storage_searches_kcount', 'cache_audio_read_mtok', 'cache_image_read_mtok'])

let loaded: typeof GenaiPrices | null = null

/** The list's prices for exactly this model (lower case), or null; by date and time of day where they change with it. */
export function findListedPrices(providerId: string, model: string, atMs: number): PriceTable | null {
  const prices = lookUp(providerId, model, atMs)?.model_price
  return prices && isPriceable(prices) ? { prices, version: PRICE_LIST_VERSION } : null
}

/** What else the list says of exactly this model (lower case), such as its context window. */
export function findListedModel(providerId: string, model: string): ModelInfo | null {
  return lookUp(providerId, model, 0)?.model ?? null
}

/** Every model the list knows of a provider; empty for one it does not know. */
export function listedModels(providerId: string): readonly ModelInfo[] {
  const provider = priceList().findProvider({ providerId })
  return provider?.id === providerId ? provider.models : []
}

function lookUp(providerId: string, model: string, atMs: number): GenaiPrices.PriceCalculation | null {
  const name = model.replace(/^models\//, '')
  // Asked with no usage: only its table is wanted, and it throws on counts that do not add up.
  const found = priceList().calcPrice({}, name, { providerId, timestamp: new Date(atMs) })
  // It takes a provider whose pattern merely fits the id as well.
  return found?.provider.id === providerId && namesModel(found.model, name) ? found : null
}

/** False where a price hangs on something our buckets do not count, such as pictures: better unpriced than wrong. */
function isPriceable(prices: Prices): boolean {
  return (
    prices['input_mtok'] !== undefined && Object.keys(prices).every(key => PRICEABLE.has(key) || IRRELEVANT.has(key))
  )
}

// Loaded when first asked for: half a megabyte of prices that an idle server need not hold.
function priceList(): typeof GenaiPrices {
  loaded ??= load()
  return loaded
}

function load(): typeof GenaiPrices {
  return createRequire(import.meta.url)('@pydantic/genai-prices')
}
