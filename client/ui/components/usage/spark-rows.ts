import { el, glyph } from '../../dom/element.ts'

export type SparkRow = {
  readonly name: string
  readonly path: string | null
  readonly line: string
  readonly amount: string
}

/** Chats with a line of block letters for their last days, and what they cost. */
export function sparkRows(rows: readonly SparkRow[]): HTMLElement {
  return el(
    'ol',
    { class: 'sparks' },
    ...rows.map(row => {
      const name =
        row.path === null
          ? el('span', { class: 'dim cut' }, row.name)
          : el('a', { class: 'bright cut', href: row.path, 'data-route': true }, row.name)
      return el('li', {}, name, glyph(row.line, 'spark'), el('span', { class: 'num' }, row.amount))
    }),
  )
}
