import type { Model } from '#shared/models.ts'
import type { RefusedParameters } from '../provider.ts'
import { guessTraits, listedTraits, type ModelTraits } from './model-traits.ts'
import { type ModelInfo, parseModelInfo } from './parse.ts'

/** What is known of each model, from the provider's own list once it was fetched and from the names until then. */
export interface ModelKnowledge {
  traits(model: string): ModelTraits
  /** Takes in the entries of `GET /v1/models` and gives back those that are models, without prices: the list has none. */
  learnList(entries: readonly unknown[]): readonly Model[]
  learnTokenLimit(model: string, limit: number): void
}

export function createModelKnowledge(refused: RefusedParameters): ModelKnowledge {
  const listed = new Map<string, ModelTraits>()
  const limits = new Map<string, number>()

  return {
    traits(model) {
      const traits = listed.get(model) ?? listed.get(datedName(model, listed.keys())) ?? guessTraits(model)
      const limit = limits.get(model)
      return limit === undefined ? traits : { ...traits, defaultMaxTokens: limit, maxTokensLimit: limit }
    },
    learnList(entries) {
      const infos = entries.map(parseModelInfo).filter(info => info !== null)
      for (const info of infos) listed.set(info.id, listedTraits(info))
      return infos.map(info => modelOf(info, refused))
    },
    learnTokenLimit: (model, limit) => void limits.set(model, limit),
  }
}

/** `claude-haiku-4-5` is served by `claude-haiku-4-5-20251001`, which is the name in the list. */
function datedName(model: string, names: Iterable<string>): string {
  for (const name of names) {
    if (name.startsWith(`${model}-`) && /^\d{8}$/.test(name.slice(model.length + 1))) return name
  }
  return model
}

function modelOf(info: ModelInfo, refused: RefusedParameters): Model {
  const traits = listedTraits(info)
  const { image_input, pdf_input } = info.capabilities ?? {}
  return {
    id: `anthropic/${info.id}`,
    provider: 'anthropic',
    name: info.display_name ?? info.id,
    context_window: info.max_input_tokens,
    max_output_tokens: info.max_tokens,
    price: null,
    abilities: {
      ...(image_input && { vision: image_input.supported }),
      ...(pdf_input && { pdf: pdf_input.supported }),
      reasoning: traits.thinking !== 'none',
      temperature: traits.takesTemperature && !refused.has(info.id, 'temperature'),
    },
    source: 'live',
  }
}
