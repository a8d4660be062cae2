import type { OpenAI } from 'openai'
import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
import type { ProviderEvent, ProviderRequest, RefusedParameters } from '../provider.ts'
import type { BuiltRequest } from './chat-request.ts'
import { createClientLoader } from './client.ts'
import { callFailure, refusalOf } from './failures.ts'
import { readModels } from './models.ts'
import { readStream } from './read-stream.ts'
import { type IsAccepted, learnFromFailure } from './refusals.ts'

export type ServerOptions = {
  readonly id: string
  readonly name: string
  readonly keyVariable: string
  readonly apiKey: string | null
  readonly baseUrl: string
  readonly refused: RefusedParameters
}

type SendOptions = { readonly signal: AbortSignal; readonly headers: Readonly<Record<string, string>> }

/** One way to ask: how the body is built, and which of the SDK's calls takes it. */
export type Protocol<Body> = {
  readonly build: (request: ProviderRequest, isAccepted: IsAccepted) => BuiltRequest<Body>
  readonly send: (client: OpenAI, body: Body, options: SendOptions) => Promise<Response>
}

/** A server that speaks one of OpenAI's protocols. */
export interface Server {
  stream<Body>(
    request: ProviderRequest,
    signal: AbortSignal,
    protocol: Protocol<Body>,
  ): AsyncIterable<readonly ProviderEvent[]>
  listModels(signal: AbortSignal): Promise<readonly Model[]>
}

/** The server behind a provider: it makes the calls, reads the answers and learns what each model refuses. */
export function createServer(options: ServerOptions): Server {
  const { id, name, keyVariable, refused } = options
  const loadClient = createClientLoader(options)

  async function* stream<Body>(
    request: ProviderRequest,
    signal: AbortSignal,
    protocol: Protocol<Body>,
  ): AsyncGenerator<readonly ProviderEvent[]> {
    const { model } = request
    const context = { provider: name, keyVariable, model }
    const { body, optional } = protocol.build(request, parameter => !refused.has(model, parameter))
    const client = await loadClient()
    const headers = { 'Idempotency-Key': request.idempotencyKey }
    let response: Response
    try {
      response = await protocol.send(client, body, { signal, headers })
    } catch (error) {
      if (signal.aborted) return
      throw error instanceof AppError ? error : learnFromFailure(error, { context, refused, optional })
    }
    yield* readStream(response, context, signal)
  }

  async function listModels(signal: AbortSignal): Promise<readonly Model[]> {
    const client = await loadClient()
    try {
      return readModels(await client.get<unknown>('/models', { signal }), id)
    } catch (error) {
      // A server without a list is fine: its models are tried by name.
      if (refusalOf(error)?.status === 404) return []
      throw callFailure(error, { provider: name, keyVariable, model: '' })
    }
  }

  return { stream, listModels }
}
