import { el } from '../../dom/element.ts'

export type RankRow = {
  readonly name: string
  readonly amount: string
  readonly share: string
  /** From 0 to 1. */
  readonly part: number
}

/** Names with a bar of cells, an amount and a share, the largest first. */
export function rankRows(rows: readonly RankRow[]): HTMLElement {
  return el(
    'ol',
    { class: 'rank' },
    ...rows.map(row => {
      const meter = el('span', { class: 'meter', 'data-fit': true, 'aria-hidden': 'true' })
      meter.style.setProperty('--v', String(100 * row.part))
      return el(
        'li',
        {},
        el('span', { class: 'bright cut' }, row.name),
        el('span', { class: 'num rank-amount' }, row.amount),
        el('span', { class: 'share num' }, row.share),
        meter,
      )
    }),
  )
}
