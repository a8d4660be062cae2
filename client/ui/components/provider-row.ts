import { computed, type ReadonlySignal } from '@preact/signals-core'
import { settingRow } from './setting-row.ts'

export type ProviderRow = {
  readonly id: string
  readonly state: 'configured' | 'missing'
  /** How many of its models the server lists. */
  readonly modelCount: number
}

/** A provider as the server stands to it. */
export function providerRow(
  alive: AbortSignal,
  provider: ReadonlySignal<ProviderRow>,
  onOpen: () => void,
): HTMLElement {
  const isThere = provider.peek().state === 'configured'
  return settingRow(alive, {
    mark: computed(() => (isThere ? '●' : '○')),
    title: computed(() => provider.value.id),
    end: computed(() => (isThere ? 'ready' : 'no key')),
    sub: computed(() => subWords(provider.value)),
    ...(isThere ? { tone: 'ok' as const } : {}),
    onOpen,
  })
}

function subWords({ id, state, modelCount }: ProviderRow): string {
  if (state === 'missing') return id === 'ollama' ? 'not found where it is looked for' : 'set its key in .env'
  if (modelCount === 0) return 'lists no models; they can be named'
  return modelCount === 1 ? '1 model' : `${modelCount} models`
}
