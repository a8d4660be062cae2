import { computed } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import { factList } from '../../components/facts.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindShown, bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { syncPartOptions } from '../sync-part-options.ts'

/** What is kept on this device and how it stands to the server. */
export function deviceSection(alive: AbortSignal, app: App): HTMLElement {
  const { facts, words, onRetry } = syncPartOptions(app)
  const sentence = el('p', { class: 'warn', role: 'status' })
  bindText(alive, sentence, words)
  const again = el('button', { type: 'button', class: 'key brk' }, 'try again')
  on(alive, again, 'click', onRetry)
  const problem = el('div', {}, sentence, again)
  bindShown(
    alive,
    problem,
    computed(() => words.value !== ''),
  )
  return pageSection(
    { id: 'device', title: 'this device' },
    el(
      'div',
      { class: 'pad' },
      problem,
      factList(alive, facts),
      el('p', { class: 'dim' }, 'Queued prompts leave while this page is open.'),
    ),
  )
}
