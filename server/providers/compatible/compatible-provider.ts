import { COMPATIBLE_CHAT } from '../openai/protocols.ts'
import { createServer } from '../openai/server.ts'
import type { Provider, RefusedParameters } from '../provider.ts'
import type { PriceSource } from '../usage.ts'

type CompatibleOptions = {
  readonly id: string
  readonly name: string
  readonly baseUrl: string
  /** Null for a server that asks for none. */
  readonly apiKey: string | null
  readonly prices: PriceSource
  readonly refused: RefusedParameters
}

/** Any server that copies OpenAI's Chat Completions, which is the one protocol they all speak. */
export function createCompatibleProvider({ prices, ...options }: CompatibleOptions): Provider {
  const { id, name } = options
  const server = createServer({ ...options, keyVariable: compatibleKeyVariable(id) })
  return {
    id,
    name,
    prices,
    stream: (request, signal) => server.stream(request, signal, COMPATIBLE_CHAT),
    listModels: server.listModels,
  }
}

/** What holds the key of a compatible server, in this server's environment. */
export function compatibleKeyVariable(id: string): string {
  return `COMPATIBLE_${id.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_API_KEY`
}
