import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import { pageSection } from '../../components/page-section.ts'
import { type ProviderRow, providerRow } from '../../components/provider-row.ts'
import { bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { keyedList } from '../../dom/keyed-list.ts'
import { openProviderSheet } from '../../sheets/provider-sheet.ts'

/** Which providers the server can ask, and how to give it the key of another. */
export function providersSection(alive: AbortSignal, app: App): HTMLElement {
  const providers = providersOf(app)
  const end = el('span', { class: 'num' })
  bindText(
    alive,
    end,
    computed(() => {
      const missing = providers.value.filter(({ state }) => state === 'missing').length
      if (app.models.health.value === null) return 'the pi does not answer'
      return missing === 0 ? '' : `${missing} of ${providers.value.length} have no key`
    }),
  )
  const rows = el('ul', { class: 'set' })
  keyedList(alive, rows, {
    items: providers,
    keyOf: provider => `${provider.id} ${provider.state}`,
    create: (life, provider) => providerRow(life, provider, () => openProviderSheet(document.body, provider.peek())),
  })
  const add = el('button', { type: 'button', class: 'key brk' }, 'how to add one')
  on(alive, add, 'click', () => openProviderSheet(document.body, null))
  return pageSection(
    { id: 'providers', title: 'providers', end },
    rows,
    el(
      'div',
      { class: 'pad' },
      el('div', { class: 'page-keys' }, add),
      el('p', { class: 'dim' }, 'Keys live in the .env of the pi, never here.'),
    ),
  )
}

function providersOf({ models }: App): ReadonlySignal<readonly ProviderRow[]> {
  return computed(() =>
    Object.entries(models.health.value?.providers ?? {}).map(([id, state]) => ({
      id,
      state: state === 'missing' ? 'missing' : 'configured',
      modelCount: models.models.value.filter(({ provider }) => provider === id).length,
    })),
  )
}
