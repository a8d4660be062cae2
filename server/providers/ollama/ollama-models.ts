import type { Model, ModelPrice } from '#shared/models.ts'
import type { ModelDetails, Tag } from './parse.ts'

const FREE: ModelPrice = { input: 0, output: 0, cache_read: 0, cache_write: 0 }

/** True for models that Ollama only passes on to its cloud (`gpt-oss:120b-cloud`, `glm-4.6:cloud`). */
export function isCloudModel(name: string): boolean {
  return /[:-]cloud$/.test(name)
}

/** One installed model; null where it cannot chat, as models for embeddings. Local ones cost nothing by rule. */
export function ollamaModel(tag: Tag, details: ModelDetails | null): Model | null {
  const capabilities = details?.capabilities ?? null
  if (capabilities !== null && !capabilities.includes('completion')) return null
  const isLocal = !isCloudModel(tag.name) && tag.remote_host === null
  return {
    id: `ollama/${tag.name}`,
    provider: 'ollama',
    name: tag.name,
    context_window: details?.contextLength ?? null,
    max_output_tokens: null,
    price: isLocal ? FREE : null,
    abilities: {
      ...(capabilities !== null && {
        vision: capabilities.includes('vision'),
        reasoning: capabilities.includes('thinking'),
      }),
      pdf: false,
      temperature: true,
    },
    source: 'live',
  }
}
