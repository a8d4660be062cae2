import { computed, type ReadonlySignal } from '@preact/signals-core'
import { type Fact, factList } from '../components/facts.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type SyncPartOptions = {
  readonly facts: ReadonlySignal<readonly Fact[]>
  /** Why the sync has stopped, empty while it has not. */
  readonly words: ReadonlySignal<string>
  onRetry(): void
}

/** What is kept on this device and how it stands to the server: a part of the session sheet and of setup. */
export function syncPart(alive: AbortSignal, options: SyncPartOptions): HTMLElement {
  const words = el('p', { class: 'warn', role: 'status' })
  const again = el('button', { type: 'button', class: 'key brk' }, 'try again')
  bindText(alive, words, options.words)
  on(alive, again, 'click', options.onRetry)
  const problem = el('div', { class: 'pad' }, words, again)
  bindShown(
    alive,
    problem,
    computed(() => options.words.value !== ''),
  )
  return el(
    'section',
    { class: 'session' },
    el('h3', { class: 'rule' }, el('span', { class: 'name' }, 'this device'), el('i', { class: 'fill' })),
    problem,
    factList(alive, options.facts),
    el('p', { class: 'dim pad' }, 'Queued prompts leave while this page is open.'),
  )
}
