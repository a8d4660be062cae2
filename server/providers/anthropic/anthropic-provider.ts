import type AnthropicClient from '@anthropic-ai/sdk'
import { createEventStreamDecoder } from '#shared/event-stream.ts'
import type { Model } from '#shared/models.ts'
import { connectionFailure, incompleteAnswer } from '../failure.ts'
import type { Provider, ProviderEvent, ProviderRequest, RefusedParameters } from '../provider.ts'
import { type AnswerReader, readAnswer } from '../read-answer.ts'
import { ANTHROPIC, anthropicFailure, anthropicListFailure } from './anthropic-failure.ts'
import { createModelKnowledge } from './anthropic-models.ts'
import { messageBody } from './message-body.ts'
import { createMessageTranslator } from './message-stream.ts'

type AnthropicOptions = {
  /** Null for a gateway that takes none. */
  readonly apiKey: string | null
  /** Without `/v1`; null for Anthropic itself. */
  readonly baseUrl: string | null
  readonly refused: RefusedParameters
}

/** Claude over the Messages API (`POST /v1/messages`). `usage` comes twice: with exact input at the start, whole at the end. */
export function createAnthropicProvider(options: AnthropicOptions): Provider {
  const { refused } = options
  const knowledge = createModelKnowledge(refused)
  const connect = createConnector(options)

  async function* stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<readonly ProviderEvent[]> {
    const body = messageBody(request, knowledge.traits(request.model), refused)
    const { client, APIError } = await connect()
    let response: Response
    try {
      // Not `messages.create`, which writes a warning on the console for each call of an ageing model.
      response = await client.post('/v1/messages', { body, stream: true, signal }).asResponse()
    } catch (error) {
      if (signal.aborted) return
      if (!isRefusal(error, APIError)) throw connectionFailure(ANTHROPIC.provider, error, { started: false })
      const onTokenLimit = (limit: number) => knowledge.learnTokenLimit(request.model, limit)
      throw anthropicFailure(error, { body, refused, onTokenLimit })
    }
    yield [{ type: 'accepted', requestId: response.headers.get('request-id') }]
    if (response.body === null) throw incompleteAnswer(ANTHROPIC.provider)
    yield* readAnswer(response.body, { provider: ANTHROPIC.provider, reader: createReader(request.model), signal })
  }

  async function listModels(signal: AbortSignal): Promise<readonly Model[]> {
    const { client, APIError } = await connect()
    try {
      const entries: unknown[] = []
      for await (const entry of client.models.list({ limit: 1000 }, { signal })) entries.push(entry)
      return knowledge.learnList(entries)
    } catch (error) {
      if (isRefusal(error, APIError)) throw anthropicListFailure(error)
      throw connectionFailure(ANTHROPIC.provider, error, { started: false })
    }
  }

  return {
    id: 'anthropic',
    name: ANTHROPIC.provider,
    prices: { kind: 'listed', providerId: 'anthropic' },
    stream,
    listModels,
  }
}

type Connection = { readonly client: AnthropicClient; readonly APIError: typeof AnthropicClient.APIError }

/** Loads the SDK when it is first needed: it takes time and memory that a server without a question need not spend. */
function createConnector({ apiKey, baseUrl }: AnthropicOptions): () => Promise<Connection> {
  let connection: Promise<Connection> | null = null
  async function load(): Promise<Connection> {
    const { default: Anthropic } = await import('@anthropic-ai/sdk')
    const client = new Anthropic({
      // Without any key the SDK would look for one in its own variables and files.
      apiKey: apiKey ?? 'none',
      ...(apiKey === null && { defaultHeaders: { Authorization: null } }),
      baseURL: baseUrl ?? 'https://api.anthropic.com',
      // A run retries by itself and writes a row for each attempt; the SDK would hide the paid ones.
      maxRetries: 0,
      // The key goes to the configured address and to no other.
      fetchOptions: { redirect: 'error' },
      logLevel: 'off',
      openTelemetry: false,
    })
    return { client, APIError: Anthropic.APIError }
  }
  return () => (connection ??= load())
}

function isRefusal(error: unknown, APIError: Connection['APIError']): error is InstanceType<Connection['APIError']> {
  return error instanceof APIError && error.status !== undefined
}

function createReader(model: string): AnswerReader {
  const decoder = createEventStreamDecoder()
  const translator = createMessageTranslator({ ...ANTHROPIC, model })
  return {
    push(bytes, events) {
      for (const { data } of decoder.push(bytes)) events.push(...translator.translate(data))
    },
    // An event that was cut is dropped: without `message_stop` the answer is incomplete in any case.
    end: () => void decoder.end(),
    isFinished: translator.isFinished,
  }
}
