import { el } from '../../dom/element.ts'

export type DataTableOptions = {
  readonly label: string
  /** The names of the columns; the first is the one that names a row. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The data of a chart as a table, which scrolls sideways where it has to. */
export function dataTable({ label, columns, rows }: DataTableOptions): HTMLElement {
  const head = columns.map((name, index) => el('th', { scope: 'col', class: index === 0 ? null : 'r' }, name))
  const body = rows.map(([name = '', ...cells]) =>
    el('tr', {}, el('th', { scope: 'row' }, name), ...cells.map(cell => el('td', { class: 'r num' }, cell))),
  )
  return el(
    'div',
    { class: 'tbl t2', tabindex: '0', role: 'region', 'aria-label': label },
    el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)),
  )
}
