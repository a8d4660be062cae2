import { computed } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import { factList } from '../../components/facts.ts'
import { pageSection } from '../../components/page-section.ts'
import { el } from '../../dom/element.ts'

/** Which program this is. */
export function aboutSection(alive: AbortSignal, app: App): HTMLElement {
  const facts = factList(
    alive,
    computed(() => [
      { name: 'llm router on the pi', value: app.models.health.value?.version ?? 'no answer' },
      { name: 'licence', value: 'MIT' },
      { name: 'letters', value: 'Iosevka Charon Mono, OFL 1.1' },
    ]),
  )
  return pageSection(
    { id: 'about', title: 'about' },
    el(
      'div',
      { class: 'pad' },
      facts,
      el('div', { class: 'page-keys' }, el('a', { class: 'key brk', href: '/manual.md', target: '_blank' }, 'manual')),
    ),
  )
}
