import type { ReadonlySignal } from '@preact/signals-core'
import { computed } from '@preact/signals-core'
import type { Note } from '../../stores/note-store.ts'
import { bindAttribute, bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { keyedList } from '../dom/keyed-list.ts'

/** The note rows above the composer. */
export function noteRows(
  alive: AbortSignal,
  notes: ReadonlySignal<readonly Note[]>,
  onClose: (id: string) => void,
): HTMLElement {
  const box = el('div', { class: 'notes' })
  keyedList(alive, box, { items: notes, keyOf: note => note.id, create: (life, note) => noteRow(life, note, onClose) })
  return box
}

function noteRow(alive: AbortSignal, note: ReadonlySignal<Note>, onClose: (id: string) => void): HTMLElement {
  const tag = el('span', { class: 'tag' })
  const text = el('span', { class: 'note-text' })
  const act = el('button', { type: 'button', class: 'key brk' })
  const close = el('button', { type: 'button', class: 'key brk', 'aria-label': 'Close this note' }, 'ok')
  bindText(
    alive,
    tag,
    computed(() => note.value.tag),
  )
  bindText(
    alive,
    text,
    computed(() => note.value.text),
  )
  bindText(
    alive,
    act,
    computed(() => note.value.action?.label ?? ''),
  )
  bindShown(
    alive,
    act,
    computed(() => note.value.action !== null),
  )
  bindShown(
    alive,
    close,
    computed(() => note.value.action === null),
  )
  bindAttribute(
    alive,
    tag,
    'data-tone',
    computed(() => (note.value.tone === 'plain' ? null : note.value.tone)),
  )
  on(alive, act, 'click', () => note.peek().action?.run())
  on(alive, close, 'click', () => onClose(note.peek().id))
  const role = note.peek().tone === 'err' ? 'alert' : 'status'
  return el('div', { class: 'note', role }, tag, text, act, close)
}
