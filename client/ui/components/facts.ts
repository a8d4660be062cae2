import type { ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { el } from '../dom/element.ts'

export type Fact = { readonly name: string; readonly value: string; readonly tone?: 'ok' | 'warn' | 'err' }

/** Names and values with a dot of leader in each cell between them. */
export function factList(alive: AbortSignal, facts: ReadonlySignal<readonly Fact[]>): HTMLElement {
  const list = el('dl', { class: 'kv' })
  watch(alive, facts, rows => {
    list.replaceChildren(
      ...rows.map(row =>
        el('div', {}, el('dt', {}, row.name), el('dd', { class: row.tone ? `num ${row.tone}` : 'num' }, row.value)),
      ),
    )
  })
  return list
}
