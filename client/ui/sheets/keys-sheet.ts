import '../../styles/keys-sheet.css'
import { KEY_MAP, type KeyGroup, showKeys } from '#shared/commands/key-map.ts'
import { openSheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

/** Shows which keys do what, as the keyboard itself has it. */
export function openKeysSheet(host: HTMLElement, isApple: boolean): void {
  openSheet(host, { label: 'Keys', kind: 'tall wider' }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close' }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    return [
      el('div', { class: 'sheet-in' }, glyph('?'), el('h2', { class: 'bright' }, 'keys'), close),
      el('div', { class: 'scroll keymap', tabindex: 0 }, ...KEY_MAP.map(group => section(group, isApple))),
    ]
  })
}

function section({ title, rows }: KeyGroup, isApple: boolean): HTMLElement {
  const facts = rows.map(row =>
    el('div', {}, el('dt', {}, row.label), el('dd', {}, el('kbd', {}, showKeys(row, isApple)))),
  )
  return el(
    'section',
    {},
    el('h3', { class: 'rule' }, el('span', { class: 'name' }, title), el('i', { class: 'fill' })),
    el('dl', { class: 'kv' }, ...facts),
  )
}
