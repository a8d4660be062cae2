import type { Model, ModelAbilities, ModelPrice } from '#shared/models.ts'
import { countOf, isRecord, type JsonRecord, listOf, recordOf, textOf } from './json.ts'

/** Reads `GET /v1/models` as OpenAI, OpenRouter, Groq, Mistral, Perplexity, Together, Venice, vLLM and llama.cpp answer it. */
export function readModels(body: unknown, providerId: string): readonly Model[] {
  const list = recordOf(body).data ?? recordOf(body).models ?? body
  return listOf(list)
    .filter(isRecord)
    .filter(isForChat)
    .flatMap(entry => {
      const id = textOf(entry.id) ?? textOf(entry.name)
      return id === null ? [] : [readModel(entry, id, providerId)]
    })
}

function readModel(entry: JsonRecord, id: string, providerId: string): Model {
  const top = recordOf(entry.top_provider)
  const spec = recordOf(entry.model_spec)
  return {
    id: `${providerId}/${id}`,
    provider: providerId,
    name: textOf(entry.display_name) ?? textOf(entry.name) ?? textOf(spec.name) ?? id,
    context_window: firstCount([
      entry.context_length,
      entry.context_window,
      entry.max_context_length,
      entry.max_model_len,
      entry.max_input_tokens,
      recordOf(entry.meta).n_ctx,
      spec.availableContextTokens,
    ]),
    max_output_tokens: firstCount([top.max_completion_tokens, entry.max_completion_tokens, entry.max_output_tokens]),
    price: readPrice(entry.pricing ?? spec.pricing),
    abilities: readAbilities(entry),
    source: 'live',
  }
}

function firstCount(values: readonly unknown[]): number | null {
  return values.map(countOf).find(count => count !== null && count > 0) ?? null
}

/** False only where the listing says that the model does something else than answer. */
function isForChat(entry: JsonRecord): boolean {
  const outputs = recordOf(entry.architecture).output_modalities ?? entry.output_modalities
  if (Array.isArray(outputs) && !outputs.includes('text')) return false
  if (recordOf(entry.capabilities).completion_chat === false) return false
  return !['embedding', 'image', 'audio', 'video', 'moderation', 'rerank', 'transcribe', 'tts', 'asr'].includes(
    `${entry.type}`,
  )
}

/** Dollars per million tokens, of three forms: per token as text (OpenRouter), per million as numbers, or `{"usd":0.15}` (Venice). */
function readPrice(pricing: unknown): ModelPrice | null {
  if (!isRecord(pricing)) return null
  const isPerToken = pricing.prompt !== undefined
  const read = (value: unknown): number | null => readAmount(value, isPerToken ? 1e6 : 1)
  const input = read(pricing.prompt ?? pricing.input)
  const output = read(pricing.completion ?? pricing.output)
  if (input === null || output === null) return null
  return {
    input,
    output,
    cache_read: read(pricing.input_cache_read ?? pricing.cache_read ?? pricing.cache_input ?? pricing.cached_input),
    cache_write: read(pricing.input_cache_write ?? pricing.cache_write),
  }
}

/** An amount that is known: OpenRouter says -1 where the price depends on the model it picks. */
function readAmount(value: unknown, factor: number): number | null {
  const amount = isRecord(value) ? value.usd : value
  if (amount === undefined || amount === null || amount === '') return null
  const usd = Number(amount)
  return Number.isFinite(usd) && usd >= 0 ? Number((usd * factor).toPrecision(12)) : null
}

function readAbilities(entry: JsonRecord): ModelAbilities {
  const capabilities = recordOf(entry.capabilities ?? recordOf(entry.model_spec).capabilities)
  const inputs = recordOf(entry.architecture).input_modalities ?? entry.input_modalities
  const parameters = entry.supported_parameters
  const vision = includes(inputs, 'image') ?? flag(capabilities.vision) ?? flag(capabilities.supportsVision)
  const pdf = includes(inputs, 'file')
  const reasoning =
    includes(parameters, 'reasoning') ?? flag(capabilities.reasoning) ?? flag(capabilities.supportsReasoning)
  const temperature = includes(parameters, 'temperature')
  return {
    ...(vision !== null && { vision }),
    ...(pdf !== null && { pdf }),
    ...(reasoning !== null && { reasoning }),
    ...(temperature !== null && { temperature }),
  }
}

function includes(list: unknown, name: string): boolean | null {
  return Array.isArray(list) ? list.includes(name) : null
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}
