import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
import { errorFields, type Log } from '../log.ts'
import { type ModelsByProvider, readModelCache, writeModelCache } from './model-cache.ts'
import type { ModelCatalogue } from './model-catalogue.ts'
import type { Provider } from './provider.ts'
import type { ProviderHealth } from './provider-health.ts'

export interface ModelList {
  /** The models of every configured provider as last known: at once, without a request. */
  list(): readonly Model[]
  /** True once the provider has listed at least one model, now or in an earlier run. Loads nothing. */
  hasListed(providerId: string): boolean
  /** Asks every provider. Never rejects: one that fails keeps its last list and disturbs no other. */
  refresh(): Promise<void>
  /** Reads what was cached and refreshes, then again every few hours, all in the background. */
  start(): void
  /** Ends the background work and what it is waiting for. */
  stop(): void
}

type ModelListOptions = {
  /** In the order they are to be listed. */
  readonly providers: readonly Provider[]
  readonly cachePath: string
  readonly catalogue: ModelCatalogue
  /** Hears how each list came out. */
  readonly health: Pick<ProviderHealth, 'listed'>
  readonly log: Log
  /** True for a provider that nobody asked for: when it is not there, that is no news. */
  readonly isLookedFor?: (providerId: string) => boolean
  readonly timeoutMs?: number
  readonly refreshEveryMs?: number
}

const TIMEOUT_MS = 20_000
const REFRESH_EVERY_MS = 6 * 60 * 60 * 1000

/** Live listings, completed from the catalogue; the catalogue alone for a provider that never listed any. */
export function createModelList(options: ModelListOptions): ModelList {
  const { providers, cachePath, catalogue, log } = options
  const stopped = new AbortController()
  const listed = new Map<string, readonly Model[]>()
  let merged: readonly Model[] | null = null
  let refreshing: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  async function refreshOne(provider: Provider): Promise<void> {
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)])
    try {
      const models = await provider.listModels(signal)
      signal.throwIfAborted()
      listed.set(provider.id, models)
      merged = null
      options.health.listed(provider.id, null)
    } catch (error) {
      if (stopped.signal.aborted || options.isLookedFor?.(provider.id)) return
      if (error instanceof AppError) options.health.listed(provider.id, error)
      log.info('models-not-listed', { provider: provider.id, ...errorFields(error) })
    }
  }

  async function refreshAll(): Promise<void> {
    await Promise.all(providers.map(refreshOne))
    if (stopped.signal.aborted) return
    // Without the file the lists are only fetched again at the next start.
    await writeModelCache(cachePath, listed).catch(error => log.warn('model-cache-not-written', errorFields(error)))
  }

  function refresh(): Promise<void> {
    refreshing ??= refreshAll().finally(() => {
      refreshing = null
    })
    return refreshing
  }

  async function begin(): Promise<void> {
    const cached = await readModelCache(cachePath).catch((error: unknown) => {
      log.warn('model-cache-not-read', errorFields(error))
      return null
    })
    takeCached(cached)
    await refresh()
  }

  /** A list that was fetched meanwhile is newer; one of a provider that is gone stays out. */
  function takeCached(cached: ModelsByProvider | null): void {
    for (const { id } of providers) {
      const models = cached?.get(id)
      if (models && !listed.has(id)) listed.set(id, models)
    }
    merged = null
  }

  function merge(provider: Provider): readonly Model[] {
    const live = listed.get(provider.id) ?? []
    const models = live.length > 0 ? live.map(model => catalogue.complete(provider, model)) : catalogue.models(provider)
    return catalogue.sort(provider, models)
  }

  return {
    list() {
      merged ??= providers.flatMap(merge)
      return merged
    },
    hasListed: providerId => (listed.get(providerId)?.length ?? 0) > 0,
    refresh,
    start() {
      void begin()
      timer = setInterval(() => void refresh(), options.refreshEveryMs ?? REFRESH_EVERY_MS).unref()
    },
    stop() {
      clearInterval(timer)
      stopped.abort()
    },
  }
}
