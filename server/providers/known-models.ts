import type { ModelAbilities } from '#shared/models.ts'

export type KnownModel = {
  readonly model: string
  readonly name: string
  readonly contextWindow: number
  readonly maxOutputTokens: number
  readonly abilities: ModelAbilities
}

type Limits = { readonly contextWindow: number; readonly maxOutputTokens: number }

// OpenAI's reasoning models take a temperature at best with reasoning switched off, so it is not offered for them.
const REASONING: ModelAbilities = { vision: true, pdf: true, reasoning: true, temperature: false }
const REASONING_WITH_TEMPERATURE: ModelAbilities = { ...REASONING, temperature: true }
const REASONING_TEXT_ONLY: ModelAbilities = { vision: false, pdf: false, reasoning: true, temperature: false }
const PLAIN: ModelAbilities = { vision: true, pdf: true, reasoning: false, temperature: true }

const MILLION: Limits = { contextWindow: 1_000_000, maxOutputTokens: 128_000 }
const GPT_LONG: Limits = { contextWindow: 1_050_000, maxOutputTokens: 128_000 }
const GPT_5: Limits = { contextWindow: 400_000, maxOutputTokens: 128_000 }
const GPT_4_1: Limits = { contextWindow: 1_047_576, maxOutputTokens: 32_768 }
const GPT_4O: Limits = { contextWindow: 128_000, maxOutputTokens: 16_384 }
const O_SERIES: Limits = { contextWindow: 200_000, maxOutputTokens: 100_000 }
const CLAUDE_4_5: Limits = { contextWindow: 200_000, maxOutputTokens: 64_000 }

/*
 * What OpenAI's listing leaves out, and what both providers' models are while no listing was fetched yet. The order is the
 * order of the picker: the ones to start with first. Sources: developers.openai.com/api/docs/models, platform.claude.com/docs/en/models.
 */
const KNOWN: Readonly<Record<string, readonly KnownModel[]>> = {
  openai: [
    known('gpt-6.1-sol', 'GPT-6.1 Sol', GPT_LONG, REASONING),
    known('gpt-6.1-terra', 'GPT-6.1 Terra', GPT_LONG, REASONING),
    known('gpt-6-astra', 'GPT-6 Astra', GPT_LONG, REASONING),
    known('gpt-6-luna', 'GPT-6 Luna', GPT_LONG, REASONING),
    known('gpt-6-sol', 'GPT-6 Sol', GPT_LONG, REASONING),
    known('gpt-5.6-sol', 'GPT-5.6 Sol', GPT_LONG, REASONING),
    known('gpt-5.6-terra', 'GPT-5.6 Terra', GPT_LONG, REASONING),
    known('gpt-5.6-luna', 'GPT-5.6 Luna', GPT_LONG, REASONING),
    known('gpt-5.5', 'GPT-5.5', MILLION, REASONING),
    known('gpt-5.5-pro', 'GPT-5.5 Pro', MILLION, REASONING),
    known('gpt-5.4', 'GPT-5.4', GPT_LONG, REASONING),
    known('gpt-5.4-mini', 'GPT-5.4 mini', GPT_5, REASONING),
    known('gpt-5.4-nano', 'GPT-5.4 nano', GPT_5, REASONING),
    known('gpt-5.2', 'GPT-5.2', GPT_5, REASONING),
    known('gpt-5.1', 'GPT-5.1', GPT_5, REASONING),
    known('gpt-5', 'GPT-5', GPT_5, REASONING),
    known('gpt-5-mini', 'GPT-5 mini', GPT_5, REASONING),
    known('gpt-5-nano', 'GPT-5 nano', GPT_5, REASONING),
    known('gpt-4.1', 'GPT-4.1', GPT_4_1, PLAIN),
    known('gpt-4.1-mini', 'GPT-4.1 mini', GPT_4_1, PLAIN),
    known('gpt-4.1-nano', 'GPT-4.1 nano', GPT_4_1, PLAIN),
    known('gpt-4o', 'GPT-4o', GPT_4O, PLAIN),
    known('gpt-4o-mini', 'GPT-4o mini', GPT_4O, PLAIN),
    known('o3', 'o3', O_SERIES, REASONING),
    known('o4-mini', 'o4-mini', O_SERIES, REASONING),
    known('o3-mini', 'o3-mini', O_SERIES, REASONING_TEXT_ONLY),
  ],
  anthropic: [
    known('claude-opus-5-5', 'Claude Opus 5.5', MILLION, REASONING),
    known('claude-sonnet-5-5', 'Claude Sonnet 5.5', MILLION, REASONING),
    known('claude-haiku-5-5', 'Claude Haiku 5.5', MILLION, REASONING),
    known('claude-fable-5-2', 'Claude Fable 5.2', MILLION, REASONING),
    known('claude-fable-5-1', 'Claude Fable 5.1', MILLION, REASONING),
    known('claude-opus-5', 'Claude Opus 5', MILLION, REASONING),
    known('claude-sonnet-5', 'Claude Sonnet 5', MILLION, REASONING),
    known('claude-fable-5', 'Claude Fable 5', MILLION, REASONING),
    known('claude-opus-4-8', 'Claude Opus 4.8', MILLION, REASONING),
    known('claude-opus-4-7', 'Claude Opus 4.7', MILLION, REASONING),
    known('claude-opus-4-6', 'Claude Opus 4.6', MILLION, REASONING_WITH_TEMPERATURE),
    known('claude-sonnet-4-6', 'Claude Sonnet 4.6', MILLION, REASONING_WITH_TEMPERATURE),
    known('claude-opus-4-5', 'Claude Opus 4.5', CLAUDE_4_5, REASONING_WITH_TEMPERATURE),
    known('claude-sonnet-4-5', 'Claude Sonnet 4.5', CLAUDE_4_5, REASONING_WITH_TEMPERATURE),
    known('claude-haiku-4-5', 'Claude Haiku 4.5', CLAUDE_4_5, REASONING_WITH_TEMPERATURE),
  ],
}

/** The current models of a provider on the price list, by its id there; empty for all but OpenAI and Anthropic. */
export function knownModels(providerId: string): readonly KnownModel[] {
  return KNOWN[providerId] ?? []
}

function known(model: string, name: string, limits: Limits, abilities: ModelAbilities): KnownModel {
  return { model, name, ...limits, abilities }
}
