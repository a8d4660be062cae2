import { AppError } from '#shared/errors.ts'
import { parseModelId } from '#shared/models.ts'
import type { CompatibleServer, Config } from '../config.ts'
import { compatibleKeyVariable, createCompatibleProvider } from './compatible/compatible-provider.ts'
import { createOllamaProvider } from './ollama/ollama-provider.ts'
import type { Provider, RefusedParameters } from './provider.ts'
import type { PriceSource } from './usage.ts'

export interface ProviderRegistry {
  /** Every provider that can be asked, the built-in one last. */
  readonly configured: readonly Provider[]
  find(providerId: string): Provider | undefined
  /** The provider of a `provider/model`; throws AppError `unknown-model` or `provider-not-configured`. */
  providerOf(modelId: string): Provider
  /** Provider id → whether it can be asked. */
  states(): Readonly<Record<string, 'configured' | 'missing'>>
  /** What holds the provider's key in the environment; null where it takes none. */
  keyVariableOf(providerId: string): string | null
}

type RegistryOptions = {
  readonly config: Config
  readonly manual: Provider
  readonly refusedFor: (providerId: string) => RefusedParameters
  /** Ollama is looked for without being asked: it counts as there once it has answered. */
  readonly isOllamaFound: () => boolean
}

/** What to set in the environment to get a provider that is missing. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['openai', 'OPENAI_API_KEY'],
  ['anthropic', 'ANTHROPIC_API_KEY'],
])

/** Where the servers run whose prices the price list knows. */
const PRICED_HOSTS: Readonly<Record<string, string>> = {
  'openrouter.ai': 'openrouter',
  'api.groq.com': 'groq',
  'api.mistral.ai': 'mistral',
  'api.deepseek.com': 'deepseek',
  'api.x.ai': 'x-ai',
  'generativelanguage.googleapis.com': 'google',
  'api.perplexity.ai': 'perplexity',
  'api.together.xyz': 'together',
  'api.fireworks.ai': 'fireworks',
  'api.cerebras.ai': 'cerebras',
  'api.moonshot.ai': 'moonshotai',
}

/** Loads the ways to those providers that are set up. */
export async function createProviderRegistry(options: RegistryOptions): Promise<ProviderRegistry> {
  const { config, manual, refusedFor, isOllamaFound } = options
  const providers = new Map<string, Provider>()
  const add = (provider: Provider) => providers.set(provider.id, provider)
  if (config.openai.apiKey || config.openai.baseUrl) {
    const { createOpenaiProvider } = await import('./openai/openai-provider.ts')
    add(createOpenaiProvider({ ...config.openai, refused: refusedFor('openai') }))
  }
  if (config.anthropic.apiKey || config.anthropic.baseUrl) {
    const { createAnthropicProvider } = await import('./anthropic/anthropic-provider.ts')
    add(createAnthropicProvider({ ...config.anthropic, refused: refusedFor('anthropic') }))
  }
  add(createOllamaProvider({ baseUrl: config.ollama.baseUrl, refused: refusedFor('ollama') }))
  for (const server of config.compatible) {
    const prices = priceSourceOf(server)
    add(createCompatibleProvider({ ...server, name: nameOf(server.id), prices, refused: refusedFor(server.id) }))
  }
  add(manual)

  return {
    configured: [...providers.values()],
    find: id => providers.get(id),
    providerOf: modelId => {
      const provider = providers.get(parseModelId(modelId)?.provider.replaceAll('_', '-') ?? '')
      if (provider) return provider
      throw missingProvider(modelId)
    },
    states: () => {
      const states: Record<string, 'configured' | 'missing'> = { openai: 'missing', anthropic: 'missing' }
      for (const id of providers.keys()) states[id] = 'configured'
      if (!config.ollama.isNamed && !isOllamaFound()) states['ollama'] = 'missing'
      return states
    },
    keyVariableOf: id =>
      config.compatible.some(server => server.id === id) ? compatibleKeyVariable(id) : (VARIABLES.get(id) ?? null),
  }
}

/** `my-server` → `My Server`. */
function nameOf(id: string): string {
  return id.replace(/(^|-)(.)/g, (_, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase())
}

function missingProvider(modelId: string): AppError {
  const provider = modelId.slice(0, modelId.indexOf('/'))
  const variable = VARIABLES.get(provider)
  if (variable) {
    const message = `${provider} is not set up on your pi. Set ${variable} in its environment and start it again.`
    return new AppError('provider-not-configured', message, { field: 'model' })
  }
  return new AppError(
    'unknown-model',
    `There is no provider called ${provider}. GET /api/usage/models lists what there is.`,
    {
      field: 'model',
    },
  )
}

/** By where the server runs; else by the name its owner gave it, in case the price list knows a provider of that name. */
function priceSourceOf(server: CompatibleServer): PriceSource {
  const host = new URL(server.baseUrl).hostname
  return { kind: 'listed', providerId: PRICED_HOSTS[host] ?? server.id }
}
