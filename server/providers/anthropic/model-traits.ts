import type { ReasoningEffort } from '#shared/records.ts'
import type { ModelInfo } from './parse.ts'

/** What `output_config.effort` takes. */
export type Effort = Exclude<ReasoningEffort, 'none' | 'minimal'>

/** What a request has to know of the model it is for. */
export type ModelTraits = {
  /** Sent as `max_tokens`, which the API requires, where the user set none. */
  readonly defaultMaxTokens: number
  /** The model's own limit; null where it was not told. */
  readonly maxTokensLimit: number | null
  /** How thinking is asked for: the model decides (`adaptive`), a budget in tokens (`budget`), or not at all. */
  readonly thinking: 'adaptive' | 'budget' | 'none'
  /** False for models that answer `thinking: disabled` with a 400. */
  readonly canStopThinking: boolean
  /** From the lowest to the highest; empty where the model does not know efforts. */
  readonly efforts: readonly Effort[]
  readonly takesTemperature: boolean
}

export const EFFORTS: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max']

/**
 * What the models' names tell, for as long as the provider's own list was not fetched. Facts from that list as of
 * August 2026 and https://platform.claude.com/docs/en/about-claude/models; an unknown name counts as a new model.
 */
export function guessTraits(model: string): ModelTraits {
  const { family, version } = versionOf(model)
  return {
    defaultMaxTokens: guessMaxTokens(family, version),
    maxTokensLimit: null,
    thinking: version >= 406 ? 'adaptive' : version >= 307 ? 'budget' : 'none',
    canStopThinking: !(family === 'opus' && version >= 505) && !(family === 'fable' && version >= 501),
    efforts: guessEfforts(family, version),
    // Models after Opus 4.6 refuse every temperature but 1. An unknown name may still take it: it is told otherwise once.
    takesTemperature: version <= 406 || version === UNKNOWN_VERSION,
  }
}

/** What the provider's list says of a model, filled up from its name where the list is silent. */
export function listedTraits(info: ModelInfo): ModelTraits {
  const guess = guessTraits(info.id)
  const { effort = null, thinking = null } = info.capabilities ?? {}
  return {
    ...guess,
    defaultMaxTokens: info.max_tokens ?? guess.defaultMaxTokens,
    maxTokensLimit: info.max_tokens,
    ...(effort !== null && { efforts: EFFORTS.filter(level => effort[level]?.supported === true) }),
    ...(thinking !== null && {
      thinking: listedThinking(thinking),
      canStopThinking: thinking.types.disabled?.supported ?? guess.canStopThinking,
    }),
  }
}

type ListedThinking = NonNullable<NonNullable<ModelInfo['capabilities']>['thinking']>

function listedThinking({ supported, types }: ListedThinking): ModelTraits['thinking'] {
  if (!supported) return 'none'
  if (types.adaptive?.supported === true) return 'adaptive'
  return types.enabled?.supported === true ? 'budget' : 'none'
}

const UNKNOWN_VERSION = 99_999

/** `claude-opus-4-8` is 408, `claude-3-7-sonnet-20250219` is 307, so that 4.10 comes after 4.9. */
function versionOf(model: string): { readonly family: string; readonly version: number } {
  // claude-haiku-4-5-20251001     claude-3-5-sonnet-20241022
  //        ^^^^^ ^ ^                     ^ ^ ^^^^^^
  const newer = /^claude-([a-z]+)-(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(model)
  if (newer) return { family: newer[1] ?? '', version: Number(newer[2]) * 100 + Number(newer[3] ?? 0) }
  const older = /^claude-(\d)(?:-(\d))?-([a-z]+)/.exec(model)
  if (older) return { family: older[3] ?? '', version: Number(older[1]) * 100 + Number(older[2] ?? 0) }
  return { family: '', version: UNKNOWN_VERSION }
}

function guessMaxTokens(family: string, version: number): number {
  if (version < 305) return 4_096
  if (version < 307) return 8_192
  if (version === UNKNOWN_VERSION || (family === 'opus' && version < 405)) return 32_000
  // Newer models take 128,000, but 64,000 is right for all of them and far beyond any chat.
  return 64_000
}

function guessEfforts(family: string, version: number): readonly Effort[] {
  if (version >= 407) return EFFORTS
  if (version === 406) return ['low', 'medium', 'high', 'max']
  return family === 'opus' && version === 405 ? ['low', 'medium', 'high'] : []
}
