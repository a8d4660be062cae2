import { computed, type ReadonlySignal } from '@preact/signals-core'
import { bindAttribute, bindShown } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { type Fact, factList } from './facts.ts'

export type FirstWordsOptions = {
  readonly facts: ReadonlySignal<readonly Fact[]>
  /** True when no provider has a key: then it says how to add one. */
  readonly isUnconfigured: ReadonlySignal<boolean>
}

/** What a chat without a message shows: the name, what is known of the machine, and how to add a key if none is there. */
export function firstWords(alive: AbortSignal, options: FirstWordsOptions): HTMLElement {
  const mark = el(
    'p',
    { class: 'double wordmark' },
    'llm',
    el('i', { class: 'cursor', 'aria-hidden': 'true' }),
    'router',
  )
  const keys = el(
    'div',
    { class: 'first-keys' },
    el('h2', { class: 'rule' }, el('span', { class: 'name' }, 'add a provider'), el('i', { class: 'fill' })),
    el('p', {}, 'Keys live on the pi, in its ', el('code', {}, '.env'), ' file. Set one of these and start it again:'),
    el(
      'ul',
      { class: 'first-vars' },
      ...['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'OLLAMA_BASE_URL', 'COMPATIBLE_<NAME>_BASE_URL'].map(name =>
        el('li', {}, el('code', {}, name)),
      ),
    ),
    el('p', {}, 'Until then the built-in manual answers, free, from its own pages. Ask it how this works.'),
  )
  bindShown(alive, keys, options.isUnconfigured)
  const box = el(
    'div',
    { class: 'first' },
    mark,
    el('p', { class: 'dim' }, 'Every model, one prompt, your machine.'),
    factList(alive, options.facts),
    keys,
  )
  bindAttribute(
    alive,
    box,
    'data-unconfigured',
    computed(() => options.isUnconfigured.value),
  )
  return box
}
