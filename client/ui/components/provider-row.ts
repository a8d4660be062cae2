import { computed, type ReadonlySignal } from '@preact/signals-core'
import { type ProviderRow, providerWords } from './provider-words.ts'
import { settingRow } from './setting-row.ts'

type ProviderRowOptions = {
  readonly provider: ReadonlySignal<ProviderRow>
  readonly nowMs: ReadonlySignal<number>
  onOpen(): void
}

/** A provider as the server stands to it. */
export function providerRow(alive: AbortSignal, { provider, nowMs, onOpen }: ProviderRowOptions): HTMLElement {
  const words = computed(() => providerWords(provider.value, nowMs.value))
  return settingRow(alive, {
    mark: computed(() => words.value.mark),
    title: computed(() => provider.value.id),
    end: computed(() => words.value.end),
    sub: computed(() => words.value.sub),
    tone: computed(() => words.value.tone),
    onOpen,
  })
}
