import type { ReadonlySignal } from '@preact/signals-core'
import { bindText } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

/** What may follow, written faintly behind the text of a box. It lies over the box, letter on letter, and is for the eye only. */
export function ghostText(
  alive: AbortSignal,
  written: ReadonlySignal<string>,
  ghost: ReadonlySignal<string>,
): HTMLElement {
  const before = el('span', { class: 'ghost-before' })
  const rest = el('span')
  bindText(alive, before, written)
  bindText(alive, rest, ghost)
  return el('div', { class: 'ghost', 'aria-hidden': 'true' }, before, rest)
}
