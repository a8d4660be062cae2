import { computed } from '@preact/signals-core'
import type { Health } from '../../../api/parse.ts'
import type { App } from '../../../app.ts'
import { type Fact, factList } from '../../components/facts.ts'
import { pageSection } from '../../components/page-section.ts'
import { el } from '../../dom/element.ts'

/** Which providers the server can ask. */
export function providersSection(alive: AbortSignal, app: App): HTMLElement {
  return pageSection(
    { id: 'providers', title: 'providers' },
    el(
      'div',
      { class: 'pad' },
      factList(
        alive,
        computed(() => providerFacts(app.models.health.value)),
      ),
      el('p', { class: 'dim' }, 'Keys are read from the environment of the pi (.env). This page never sees them.'),
    ),
  )
}

function providerFacts(health: Health | null): readonly Fact[] {
  if (health === null) return [{ name: 'pi', value: 'no answer', tone: 'err' }]
  return Object.entries(health.providers).map(([name, state]): Fact => {
    const isThere = state !== 'missing'
    return { name, value: isThere ? `✓ ${state}` : 'no key', tone: isThere ? 'ok' : 'warn' }
  })
}
