import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Model } from '#shared/models.ts'
import type { Endpoints } from '../api/endpoints.ts'
import type { Health } from '../api/parse.ts'
import type { LocalStore } from '../platform/local-store.ts'
import type { LoadState } from './load-state.ts'
import type { ModelTaste } from './model-taste.ts'
import type { SharedSettings } from './shared-settings.ts'

export interface ModelStore {
  readonly models: ReadonlySignal<readonly Model[]>
  readonly byId: ReadonlySignal<ReadonlyMap<string, Model>>
  readonly load: ReadonlySignal<LoadState>
  readonly health: ReadonlySignal<Health | null>
  /** True once it is known that no provider has a key and nothing but the manual answers. */
  readonly isUnconfigured: ReadonlySignal<boolean>
  readonly taste: ReadonlySignal<ModelTaste>
  /** The one chosen for the chat that has not been started; null where none was. */
  readonly picked: Signal<string | null>
  /** What a new chat asks: the default, else the last model chosen here, else the first that is not the manual, else the manual. */
  readonly preferred: ReadonlySignal<string | null>
  prefer(modelId: string): void
  refresh(): Promise<void>
}

const CHOSEN_KEY = 'llmr-model'
const LIST_KEY = 'llmr-models'

/** The models that answer now, and which of them this device likes. */
export function createModelStore(endpoints: Endpoints, store: LocalStore, settings: SharedSettings): ModelStore {
  const models = signal<readonly Model[]>([])
  const health = signal<Health | null>(null)
  const load = signal<LoadState>({ state: 'loading' })
  const chosen = signal(store.get(CHOSEN_KEY))
  const picked = signal<string | null>(null)
  const taste = computed(() => settings.value.taste)

  /** What answered last time: without a network, prompts are still written to a model and priced. */
  async function showKept(): Promise<void> {
    const kept = store.get(LIST_KEY)
    if (kept === null || models.peek().length > 0) return
    try {
      const { parseKeptModels } = await import('../api/parse.ts')
      if (models.peek().length === 0) models.value = parseKeptModels(kept)
    } catch (error) {
      // The code could not be fetched; what the server says now has to do.
      if (!(error instanceof TypeError)) throw error
    }
  }

  return {
    models,
    health,
    load,
    byId: computed(() => new Map(models.value.map(model => [model.id, model]))),
    isUnconfigured: computed(() => load.value.state === 'ready' && models.value.every(isManual)),
    taste,
    picked,
    preferred: computed(() => {
      const first = models.value.find(model => !isManual(model)) ?? models.value[0]
      return picked.value ?? taste.value.standard ?? chosen.value ?? first?.id ?? null
    }),
    prefer(modelId) {
      chosen.value = modelId
      store.set(CHOSEN_KEY, modelId)
    },
    async refresh() {
      const [list, state] = await Promise.all([endpoints.models(), endpoints.health(), showKept()])
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
