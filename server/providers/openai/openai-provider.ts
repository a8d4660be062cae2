import { AppError } from '#shared/errors.ts'
import type { Provider, RefusedParameters } from '../provider.ts'
import { isChatModel } from './chat-models.ts'
import { OPENAI_BASE_URL } from './client.ts'
import { refusalOf } from './failures.ts'
import { OPENAI_CHAT, responsesProtocol } from './protocols.ts'
import { createServer, type Protocol } from './server.ts'

type OpenaiOptions = {
  readonly apiKey: string | null
  /** Null for OpenAI itself. */
  readonly baseUrl: string | null
  readonly refused: RefusedParameters
}

// What servers answer that know Chat Completions only.
const MISSING_ROUTE_STATUSES: readonly (number | null)[] = [404, 405, 501]

/**
 * OpenAI through its Responses API. A server of the owner's own that has no such route is spoken to with Chat
 * Completions from the first such answer on, as long as this process lives.
 */
export function createOpenaiProvider({ apiKey, baseUrl, refused }: OpenaiOptions): Provider {
  const address = baseUrl ?? OPENAI_BASE_URL
  const isOpenai = address.startsWith('https://api.openai.com/')
  const server = createServer({
    id: 'openai',
    name: 'OpenAI',
    keyVariable: 'OPENAI_API_KEY',
    apiKey,
    baseUrl: address,
    refused,
  })
  let hasResponses = true

  function noteMissingRoute(error: unknown): never {
    if (isOpenai || !isMissingRoute(error)) throw error
    hasResponses = false
    const message =
      'The server at OPENAI_BASE_URL has no Responses API. Your prompt is saved. Send it again: Chat Completions is used from now on.'
    throw new AppError('endpoint-missing', message, { retryable: true, cause: error })
  }

  const responses = responsesProtocol(isOpenai)
  const guardedResponses: Protocol<Parameters<typeof responses.send>[1]> = {
    build: responses.build,
    send: (client, body, options) => responses.send(client, body, options).catch(noteMissingRoute),
  }

  return {
    id: 'openai',
    name: 'OpenAI',
    prices: { kind: 'listed', providerId: 'openai' },
    stream: (request, signal) =>
      hasResponses ? server.stream(request, signal, guardedResponses) : server.stream(request, signal, OPENAI_CHAT),
    async listModels(signal) {
      const models = await server.listModels(signal)
      // OpenAI lists 126 models and says nothing about what each is for; another server lists what it has.
      return isOpenai ? models.filter(model => isChatModel(model.name)) : models
    },
  }
}

/** True for a 404 that speaks of no model: then it is the route that is not there. */
function isMissingRoute(error: unknown): boolean {
  const refusal = refusalOf(error)
  if (refusal === null || !MISSING_ROUTE_STATUSES.includes(refusal.status)) return false
  return !/model/i.test(`${refusal.code} ${refusal.parameter} ${refusal.providerMessage}`)
}
