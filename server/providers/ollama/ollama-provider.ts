import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
import { connectionFailure, incompleteAnswer } from '../failure.ts'
import type { Provider, ProviderEvent, ProviderRequest, RefusedParameters } from '../provider.ts'
import { readAnswer } from '../read-answer.ts'
import { chatBody } from './chat-body.ts'
import { createChatReader } from './chat-stream.ts'
import { createContextSizer } from './context-size.ts'
import { mapInParallel } from './map-in-parallel.ts'
import { createOllamaClient } from './ollama-client.ts'
import { OLLAMA, ollamaChatFailure } from './ollama-failure.ts'
import { isCloudModel, ollamaModel } from './ollama-models.ts'
import { type ModelDetails, parseErrorBody, parseShow, parseTags, type Tag } from './parse.ts'

type OllamaOptions = {
  /** As in `http://127.0.0.1:11434`. */
  readonly baseUrl: string
  readonly refused: RefusedParameters
}

const SHOWS_AT_ONCE = 4

/** Models on the owner's own machine over Ollama's native API, which alone tells counts and takes `think` and `num_ctx`. */
export function createOllamaProvider({ baseUrl, refused }: OllamaOptions): Provider {
  const client = createOllamaClient(baseUrl)
  const contextLengths = new Map<string, number>()
  const sizer = createContextSizer()

  async function* stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<readonly ProviderEvent[]> {
    const { model } = request
    // In the cloud the context costs the owner no memory and is the model's whole one.
    const contextTokens = isCloudModel(model) ? null : sizer.size(request, contextLengths.get(fullName(model)) ?? null)
    const body = chatBody(request, refused, contextTokens)
    let response: Response
    let refusal: string | null
    try {
      response = await client.post('/api/chat', body, signal)
      refusal = response.ok ? null : parseErrorBody(await response.text())
    } catch (error) {
      if (signal.aborted) return
      throw connectionFailure(OLLAMA, error, { started: false })
    }
    if (refusal !== null) throw ollamaChatFailure({ status: response.status, message: refusal, model }, body, refused)
    yield [{ type: 'accepted', requestId: null }]
    if (response.body === null) throw incompleteAnswer(OLLAMA)
    yield* readAnswer(response.body, { provider: OLLAMA, reader: createChatReader(model), signal })
  }

  async function listModels(signal: AbortSignal): Promise<readonly Model[]> {
    const tags = await client.ask({ path: '/api/tags', parse: parseTags }, signal)
    const models = await mapInParallel(tags, SHOWS_AT_ONCE, async tag => {
      const details = await show(tag, signal)
      if (details?.contextLength) contextLengths.set(tag.name, details.contextLength)
      return ollamaModel(tag, details)
    })
    return models.filter(model => model !== null)
  }

  /** Null where the server does not know it: one model that is broken or just removed must not hide the others. */
  async function show(tag: Tag, signal: AbortSignal): Promise<ModelDetails | null> {
    try {
      return await client.ask({ path: '/api/show', body: { model: tag.name }, parse: parseShow }, signal)
    } catch (error) {
      if (error instanceof AppError && error.code !== 'provider-unreachable') return null
      throw error
    }
  }

  return { id: 'ollama', name: OLLAMA, prices: { kind: 'free', isBilled: isCloudModel }, stream, listModels }
}

/** `qwen3` means `qwen3:latest`, which is the name in the list. */
function fullName(model: string): string {
  return model.includes(':') ? model : `${model}:latest`
}
