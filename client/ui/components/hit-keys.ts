import { computed, type ReadonlySignal } from '@preact/signals-core'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type HitKeysOptions = {
  /** `hit 2 of 4`; empty where there are no hits to go through. */
  readonly words: ReadonlySignal<string>
  /** To the next hit, or back. */
  onMove(step: 1 | -1): void
}

/** Goes through the hits of an open chat with the thumb. */
export function hitKeys(alive: AbortSignal, { words, onMove }: HitKeysOptions): HTMLElement {
  const place = el('span', { class: 'hit-place', role: 'status' })
  bindText(alive, place, words)
  const key = (sign: string, label: string, step: 1 | -1): HTMLElement => {
    const button = el('button', { type: 'button', class: 'key', 'aria-label': label }, sign)
    on(alive, button, 'click', () => onMove(step))
    return button
  }
  const bar = el('div', { class: 'hit-keys' }, place, key('↑', 'Previous hit', -1), key('↓', 'Next hit', 1))
  bindShown(
    alive,
    bar,
    computed(() => words.value !== ''),
  )
  return bar
}
