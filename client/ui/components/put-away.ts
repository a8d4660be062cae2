import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { PutAway, Shelf } from '../../device/device.ts'
import { pathOf } from '../../platform/router.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type PutAwayOptions = {
  readonly current: ReadonlySignal<Shelf>
  readonly counts: ReadonlySignal<PutAway | null>
  /** Begins to choose chats. */
  onChoose(): void
}

/** Below the newest chats: the way to the archive and the trash, and to choosing several. */
export function putAwayRows(alive: AbortSignal, { current, counts, onChoose }: PutAwayOptions): HTMLElement {
  const choose = el('button', { type: 'button', class: 'key brk' }, 'choose')
  on(alive, choose, 'click', onChoose)
  const shelf = (name: 'archive' | 'trash', words: string): HTMLElement => {
    const count = el('span', { class: 'row-when num' })
    bindText(
      alive,
      count,
      computed(() => (counts.value === null ? '' : String(counts.value[name]))),
    )
    const link = el(
      'a',
      { class: 'row-main', href: pathOf({ name }), 'data-route': true },
      el('span', { class: 'row-mark', 'aria-hidden': 'true' }),
      el('span', { class: 'row-title cut' }, words),
      count,
    )
    return el('li', { class: 'row' }, link)
  }
  const rule = el(
    'h2',
    { class: 'rule' },
    el('span', { class: 'name' }, 'put away'),
    el('i', { class: 'fill' }),
    choose,
  )
  const rows = el('ul', {}, shelf('archive', 'archive'), shelf('trash', 'trash, kept 30 days'))
  const section = el('section', {}, rule, rows)
  bindShown(
    alive,
    section,
    computed(() => current.value === 'chats'),
  )
  return section
}

/** Above the chats of the archive or the trash: where one is, and the way back. */
export function shelfHead(alive: AbortSignal, { current, onChoose }: PutAwayOptions): HTMLElement {
  const name = el('span', { class: 'name' })
  bindText(alive, name, current)
  const choose = el('button', { type: 'button', class: 'key brk' }, 'choose')
  on(alive, choose, 'click', onChoose)
  const back = el('a', { class: 'key brk', href: '/chats', 'data-route': true }, 'all chats')
  const head = el('div', { class: 'rule shelf-head' }, name, el('i', { class: 'fill' }), choose, back)
  bindShown(
    alive,
    head,
    computed(() => current.value !== 'chats'),
  )
  return head
}
