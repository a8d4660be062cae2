import type { Usage } from '../usage.ts'
import { withoutRelease } from './model-names.ts'

/** A factor on every token price, as a fraction so that it stays exact; `label` goes into the price's version. */
export type TierFactor = { readonly label: string | null; readonly numerator: bigint; readonly denominator: bigint }

const STANDARD: TierFactor = { label: null, numerator: 1n, denominator: 1n }
const STANDARD_NAMES = new Set(['default', 'standard', 'on_demand'])

/*
 * OpenAI's priority tier, called fast mode since 2026-07-30 (openai.com/api-priority-processing and /api-fast-mode):
 * each model has its own factor, and a model that is not here is not known to be served that way.
 */
const OPENAI_PRIORITY: Readonly<Record<string, readonly [bigint, bigint]>> = {
  'gpt-6-astra': [2n, 1n],
  'gpt-6-luna': [2n, 1n],
  'gpt-6.1-sol': [2n, 1n],
  'gpt-6.1-terra': [2n, 1n],
  'gpt-5.6-sol': [2n, 1n],
  'gpt-5.6-terra': [2n, 1n],
  'gpt-5.6-luna': [2n, 1n],
  'gpt-5.5': [5n, 2n],
  'gpt-5.4': [2n, 1n],
  'gpt-5.4-mini': [2n, 1n],
  'gpt-5.2': [2n, 1n],
  'gpt-5.1': [2n, 1n],
  'gpt-5.1-codex': [2n, 1n],
  'gpt-5': [2n, 1n],
  'gpt-5-codex': [2n, 1n],
  'gpt-5-mini': [9n, 5n],
  'gpt-4.1': [7n, 4n],
  'gpt-4.1-mini': [7n, 4n],
  'gpt-4.1-nano': [2n, 1n],
  'gpt-4o': [17n, 10n],
  'gpt-4o-2024-05-13': [7n, 4n],
  'gpt-4o-mini': [5n, 3n],
  o3: [7n, 4n],
  'o4-mini': [20n, 11n],
}

/** Anthropic's fast mode, where its factor is published; the usage object says `speed: fast`. */
const ANTHROPIC_FAST: Readonly<Record<string, bigint>> = {
  'claude-opus-4-6': 6n,
  'claude-opus-5': 2n,
  'claude-opus-5-5': 2n,
}

/** What the served tier, speed and region do to the list price; null where that is not known. */
export function tierFactor(providerId: string, model: string, usage: Usage): TierFactor | null {
  const name = model.toLowerCase().trim()
  if (providerId === 'anthropic') return anthropicFactor(withoutRelease(name), usage)
  const tier = usage.serviceTier
  if (tier === null || STANDARD_NAMES.has(tier)) return STANDARD
  return providerId === 'openai' ? openaiFactor(name, tier) : null
}

function openaiFactor(model: string, tier: string): TierFactor | null {
  if (tier === 'flex' || tier === 'batch') return { label: tier, numerator: 1n, denominator: 2n }
  if (tier !== 'priority' && tier !== 'fast') return null
  const factor = OPENAI_PRIORITY[model] ?? OPENAI_PRIORITY[withoutRelease(model)]
  return factor ? { label: tier, numerator: factor[0], denominator: factor[1] } : null
}

function anthropicFactor(model: string, usage: Usage): TierFactor | null {
  const parts = [
    anthropicTier(usage.serviceTier),
    anthropicSpeed(model, readText(usage.raw, 'speed')),
    anthropicRegion(readText(usage.raw, 'inference_geo')),
  ]
  return parts.reduce((all, part) => all && part && multiply(all, part), STANDARD)
}

function anthropicTier(tier: string | null): TierFactor | null {
  if (tier === null || STANDARD_NAMES.has(tier)) return STANDARD
  // `priority` is paid for by a commitment, not by the token.
  return tier === 'batch' ? { label: 'batch', numerator: 1n, denominator: 2n } : null
}

function anthropicSpeed(model: string, speed: string | null): TierFactor | null {
  if (speed === null || speed === 'standard') return STANDARD
  const factor = speed === 'fast' ? ANTHROPIC_FAST[model] : undefined
  return factor ? { label: 'fast', numerator: factor, denominator: 1n } : null
}

function anthropicRegion(region: string | null): TierFactor | null {
  if (region === null || region === 'global' || region === 'not_available') return STANDARD
  return region === 'us' ? { label: 'us', numerator: 11n, denominator: 10n } : null
}

function multiply(one: TierFactor, other: TierFactor): TierFactor {
  const label = [one.label, other.label].filter(part => part !== null).join(', ')
  return {
    label: label === '' ? null : label,
    numerator: one.numerator * other.numerator,
    denominator: one.denominator * other.denominator,
  }
}

function readText(raw: unknown, key: string): string | null {
  if (typeof raw !== 'object' || raw === null) return null
  const value: unknown = Reflect.get(raw, key)
  return typeof value === 'string' ? value : null
}
