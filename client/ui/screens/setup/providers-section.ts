import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { ProviderStanding } from '#shared/wire/providers.ts'
import { parseProviders } from '../../../api/parse-providers.ts'
import type { App } from '../../../app.ts'
import { watch } from '../../../signals/watch.ts'
import { pageSection } from '../../components/page-section.ts'
import { providerRow } from '../../components/provider-row.ts'
import type { ProviderRow } from '../../components/provider-words.ts'
import { bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { keyedList } from '../../dom/keyed-list.ts'
import { openProviderSheet } from '../../sheets/provider-sheet.ts'

/** Which providers the server can ask, how their last calls went, and how to give it the key of another. */
export function providersSection(alive: AbortSignal, app: App): HTMLElement {
  const providers = providersOf(app, standingsOf(alive, app))
  const end = el('span', { class: 'num' })
  bindText(
    alive,
    end,
    computed(() => {
      if (app.models.health.value === null) return 'the pi does not answer'
      const all = providers.value
      const waiting = all.filter(needsPerson).length
      if (waiting > 0) return `${waiting} of ${all.length} need you`
      const missing = all.filter(({ id, state }) => state === 'missing' && id !== 'ollama').length
      return missing === 0 ? '' : `${missing} of ${all.length} have no key`
    }),
  )
  const rows = el('ul', { class: 'set' })
  keyedList(alive, rows, {
    items: providers,
    keyOf: provider => `${provider.id} ${provider.state}`,
    create: (life, provider) =>
      providerRow(life, {
        provider,
        nowMs: app.nowMs,
        onOpen: () => openProviderSheet(document.body, provider.peek()),
      }),
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

const NEEDING: readonly (string | undefined)[] = ['provider-key-rejected', 'quota-exceeded']

/** Only a person can help. A provider without a key may be one that nobody wants. */
function needsPerson({ standing }: ProviderRow): boolean {
  return NEEDING.includes(standing?.problem?.code)
}

/** Asked for with the page, and whenever the server has been heard of again; what was known stays while it is silent. */
function standingsOf(alive: AbortSignal, { api, models }: App): ReadonlySignal<readonly ProviderStanding[]> {
  const standings = signal<readonly ProviderStanding[]>([])
  const fetchStandings = async (): Promise<void> => {
    const answer = await api.call('/api/providers', parseProviders)
    if (answer.ok) standings.value = answer.value
  }
  watch(alive, models.health, () => void fetchStandings())
  return standings
}

function providersOf(
  { models }: App,
  standings: ReadonlySignal<readonly ProviderStanding[]>,
): ReadonlySignal<readonly ProviderRow[]> {
  return computed(() =>
    Object.entries(models.health.value?.providers ?? {}).map(([id, state]) => ({
      id,
      state: state === 'missing' ? 'missing' : 'configured',
      standing: standings.value.find(standing => standing.id === id) ?? null,
      modelCount: models.models.value.filter(({ provider }) => provider === id).length,
    })),
  )
}
