import { el } from '../dom/element.ts'

const WIDTHS = [22, 33, 28, 25, 17, 36, 25, 30, 20, 34]

/** Shade cells where rows of the list will be. */
export function skeletonRows(count: number): HTMLElement {
  const box = el('div', { class: 'skeleton', 'aria-hidden': 'true' })
  for (let row = 0; row < count; row++) box.append(el('div', { class: 'sk-row' }, cells(row * 2), cells(row * 2 + 1)))
  return box
}

/** Shade cells where a chat will be: a prompt and the lines of its answer. */
export function skeletonTurn(): HTMLElement {
  const ask = el('div', { class: 'ask' }, el('span'), cells(1))
  const lines = el('div', { class: 'reply' }, cells(3), cells(5), cells(7), cells(4))
  return el('div', { class: 'skeleton', 'aria-hidden': 'true' }, ask, lines)
}

function cells(index: number): HTMLElement {
  const shade = el('i', { class: 'sk' })
  shade.style.setProperty('--w', String(WIDTHS[index % WIDTHS.length]))
  shade.style.setProperty('--i', String(index))
  return shade
}
