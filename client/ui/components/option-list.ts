import '../../styles/sheet.css'
import type { ReadonlySignal, Signal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

/** One row to choose. */
export type ShownOption = {
  readonly id: string
  readonly mark: string
  /** How its cells share the row, for the style sheet. */
  readonly layout?: string
  /** The cells behind the mark. */
  readonly cells: readonly HTMLElement[]
}

export type ShownGroup = { readonly name: string; readonly options: readonly ShownOption[] }

export type OptionListOptions = {
  /** The id of the element, which the text box beside it names. */
  readonly id: string
  readonly label: string
  readonly groups: ReadonlySignal<readonly ShownGroup[]>
  readonly selectedId: Signal<string | null>
  onChoose(id: string): void
}

/** A list of options in groups, for a text box that keeps the focus. A group without a name has no rule above it. */
export function optionList(alive: AbortSignal, options: OptionListOptions): HTMLElement {
  const list = el('div', { class: 'groups', role: 'listbox', id: options.id, 'aria-label': options.label })
  const show = (id: string | null): void => {
    for (const row of list.querySelectorAll('[role="option"]')) {
      const isSelected = id !== null && row.id === optionElementId(options.id, id)
      row.setAttribute('aria-selected', String(isSelected))
      if (isSelected) row.scrollIntoView({ block: 'nearest' })
    }
  }
  watch(alive, options.groups, groups => {
    list.replaceChildren(...groups.map(group => groupOf(options.id, group)))
    show(options.selectedId.peek())
  })
  watch(alive, options.selectedId, show)
  on(alive, list, 'click', event => {
    const row = event.target instanceof Element ? event.target.closest('[role="option"]') : null
    if (row instanceof HTMLElement) options.onChoose(row.dataset['option'] ?? '')
  })
  // A press in the list must not take the focus, and with it the soft keyboard, from the text box.
  on(alive, list, 'pointerdown', event => event.preventDefault())
  return list
}

/** The id of an option's element: ids of models hold signs that an element's id should not. */
export function optionElementId(listId: string, optionId: string): string {
  return `${listId}-${optionId.replace(/[^\w-]/g, '_')}`
}

function groupOf(listId: string, { name, options }: ShownGroup): HTMLElement {
  const rows = options.map(option =>
    el(
      'li',
      { class: 'row', role: 'option', id: optionElementId(listId, option.id), 'data-option': option.id },
      el('span', { class: 'row-main', 'data-layout': option.layout }, glyph(option.mark, 'row-mark'), ...option.cells),
    ),
  )
  const list = el('ul', { class: 'opts', role: 'presentation' }, ...rows)
  if (name === '') return list
  const rule = el(
    'div',
    { class: 'rule', 'aria-hidden': 'true' },
    el('span', { class: 'name' }, name),
    el('i', { class: 'fill' }),
  )
  return el('div', { class: 'grp', role: 'group', 'aria-label': name }, rule, list)
}
