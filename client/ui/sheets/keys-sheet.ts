import { openSheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

/** The key map. Each row here has its line in `ui/keyboard.ts`. */
const KEY_MAP: readonly (readonly [group: string, rows: readonly (readonly [act: string, key: string])[]])[] = [
  [
    'anywhere',
    [
      ['choose a model', 'ctrl K'],
      ['close, stop, leave', 'esc'],
      ['previous, next chat', 'alt ↑ ↓'],
    ],
  ],
  [
    'writing (INS)',
    [
      ['send', '↵'],
      ['new line', '⇧ ↵'],
      ['last question again', '↑ when empty'],
    ],
  ],
  [
    'reading (NAV)',
    [
      ['next, previous turn', 'j k'],
      ['first, last', 'g G'],
      ['copy answer, code', 'c C'],
      ['retry, with model', 'r R'],
      ['edit question', 'e'],
      ['other branch', '[ ]'],
      ['details', 'o'],
      ['delete chat, undo', 'd u'],
      ['back to writing', 'i ↵'],
      ['new chat', 'n'],
      ['find in chats', '/'],
      ['setup', '3'],
      ['these keys', '?'],
    ],
  ],
]

/** Shows which keys do what. */
export function openKeysSheet(host: HTMLElement): void {
  openSheet(host, { label: 'Keys', kind: 'tall' }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close' }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    const sections = KEY_MAP.map(([group, rows]) =>
      el(
        'section',
        {},
        el('h3', { class: 'rule' }, el('span', { class: 'name' }, group), el('i', { class: 'fill' })),
        el(
          'dl',
          { class: 'kv' },
          ...rows.map(([act, key]) => el('div', {}, el('dt', {}, act), el('dd', {}, el('kbd', {}, key)))),
        ),
      ),
    )
    return [
      el('div', { class: 'sheet-in' }, glyph('?'), el('h2', { class: 'bright' }, 'keys'), close),
      el('div', { class: 'scroll keymap' }, ...sections),
    ]
  })
}
