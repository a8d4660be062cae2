import { computed, type ReadonlySignal, type Signal } from '@preact/signals-core'
import { watch } from '../../../signals/watch.ts'
import { bindAttribute, bindShown, bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { pageSection } from '../page-section.ts'
import { type DataTableOptions, dataTable } from './data-table.ts'

/** A chart as it stands now: in a sentence, as a picture, as a table. */
export type Chart = {
  readonly sentence: string
  /** Drawn for the eye alone; null where there is nothing to draw. */
  readonly picture: () => HTMLElement | null
  readonly table: Omit<DataTableOptions, 'label'>
}

export type ChartSectionOptions = {
  readonly id: string
  readonly title: string
  readonly isFull?: boolean
  readonly chart: ReadonlySignal<Chart>
  /** True while the table stands in the place of the picture. */
  readonly isTable: Signal<boolean>
}

/** A section with a chart, the sentence that says what it shows, and a key that shows the same data as a table. */
export function chartSection(alive: AbortSignal, options: ChartSectionOptions): HTMLElement {
  const { id, title, chart, isTable } = options
  const key = el('button', { type: 'button', class: 'key brk', 'aria-controls': `${id}-data` }, 'table')
  on(alive, key, 'click', () => {
    isTable.value = !isTable.peek()
  })
  bindAttribute(
    alive,
    key,
    'aria-pressed',
    computed(() => String(isTable.value)),
  )
  bindAttribute(
    alive,
    key,
    'aria-label',
    computed(() => `${title} as a table`),
  )
  const hasRows = computed(() => chart.value.table.rows.length > 0)
  bindShown(alive, key, hasRows)
  const sentence = el('p', { class: 'dim', id: `${id}-sentence` })
  bindText(
    alive,
    sentence,
    computed(() => chart.value.sentence),
  )
  const data = el('div', { id: `${id}-data` })
  watch(
    alive,
    computed(() => ({ now: chart.value, isTable: isTable.value })),
    ({ now, isTable: asTable }) => {
      const shown =
        asTable && now.table.rows.length > 0 ? dataTable({ ...now.table, label: `${title}, table` }) : now.picture()
      data.replaceChildren(...(shown === null ? [] : [shown]))
    },
  )
  const figure = el('figure', { class: 'pad', 'aria-labelledby': `${id}-title`, 'aria-describedby': sentence.id })
  figure.append(sentence, data)
  return pageSection({ id, title, end: key, isFull: options.isFull ?? false }, figure)
}
