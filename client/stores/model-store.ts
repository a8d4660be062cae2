import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Model } from '#shared/models.ts'
import type { Endpoints } from '../api/endpoints.ts'
import { type Health, parseKeptModels } from '../api/parse.ts'
import type { LocalStore } from '../platform/local-store.ts'
import type { LoadState } from './load-state.ts'

export interface ModelStore {
  readonly models: ReadonlySignal<readonly Model[]>
  readonly byId: ReadonlySignal<ReadonlyMap<string, Model>>
  readonly load: ReadonlySignal<LoadState>
  readonly health: ReadonlySignal<Health | null>
  /** True once it is known that no provider has a key and nothing but the manual answers. */
  readonly isUnconfigured: ReadonlySignal<boolean>
  /** What a new chat asks: the last model chosen here, else the first that is not the manual, else the manual. */
  readonly preferred: ReadonlySignal<string | null>
  prefer(modelId: string): void
  refresh(): Promise<void>
}

const CHOSEN_KEY = 'llmr-model'
const LIST_KEY = 'llmr-models'

/** The models that answer now, and which of them this device likes. */
export function createModelStore(endpoints: Endpoints, store: LocalStore): ModelStore {
  // What answered last time: without a network, prompts are still written to a model and priced.
  const models = signal<readonly Model[]>(parseKeptModels(store.get(LIST_KEY)))
  const health = signal<Health | null>(null)
  const load = signal<LoadState>({ state: 'loading' })
  const chosen = signal(store.get(CHOSEN_KEY))
  return {
    models,
    health,
    load,
    byId: computed(() => new Map(models.value.map(model => [model.id, model]))),
    isUnconfigured: computed(() => load.value.state === 'ready' && models.value.every(isManual)),
    preferred: computed(() => {
      const first = models.value.find(model => !isManual(model)) ?? models.value[0]
      return chosen.value ?? first?.id ?? null
    }),
    prefer(modelId) {
      chosen.value = modelId
      store.set(CHOSEN_KEY, modelId)
    },
    async refresh() {
      const [list, state] = await Promise.all([endpoints.models(), endpoints.health()])
      if (state.ok) health.value = state.value
      if (list.ok) {
        models.value = list.value
        store.set(LIST_KEY, JSON.stringify(list.value))
      }
      load.value = list.ok ? { state: 'ready' } : { state: 'failed', failure: list.failure }
    },
  }
}

function isManual(model: Model): boolean {
  return model.provider === 'manual'
}
