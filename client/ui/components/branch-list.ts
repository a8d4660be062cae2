import { computed, type ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import type { OutlineRow } from '../../stores/chat-outline.ts'
import { bindAttribute, bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { outlineButton } from './outline-row.ts'

/** More lines than this are for the page of all branches. */
const MOST_LINES = 10

export type BranchListOptions = {
  /** A line for each message at which a branch begins, from the top down. */
  readonly rows: ReadonlySignal<readonly OutlineRow[]>
  /** The path of the page that shows them all. */
  readonly path: ReadonlySignal<string>
  onGo(messageId: string): void
}

/** Where a chat's branches begin, around the end of the one that is shown; nothing where it has none. */
export function branchList(alive: AbortSignal, { rows, path, onGo }: BranchListOptions): HTMLElement {
  const count = el('span', { class: 'num' })
  bindText(
    alive,
    count,
    computed(() => String(rows.value.length)),
  )
  const list = el('ol', { class: 'tree', 'aria-label': 'Branches' })
  watch(alive, rows, all => {
    list.replaceChildren(
      ...linesAround(all).map(row => {
        const button = outlineButton(row)
        on(alive, button, 'click', () => onGo(row.message.id))
        return el('li', {}, button)
      }),
    )
  })
  const toAll = el('a', { class: 'key brk', 'data-route': true }, 'all branches')
  bindAttribute(alive, toAll, 'href', path)
  const name = el('span', { class: 'name' }, 'branches')
  const rule = el('h2', { class: 'rule' }, name, el('i', { class: 'fill' }), count)
  const part = el('section', {}, rule, list, el('div', { class: 'pad' }, toAll))
  bindShown(
    alive,
    part,
    computed(() => rows.value.length > 0),
  )
  return part
}

function linesAround(rows: readonly OutlineRow[]): readonly OutlineRow[] {
  const here = rows.findLastIndex(({ isShown }) => isShown)
  const from = Math.max(0, Math.min(here - MOST_LINES / 2, rows.length - MOST_LINES))
  return rows.slice(from, from + MOST_LINES)
}
