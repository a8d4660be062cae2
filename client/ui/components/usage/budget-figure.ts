import { formatTotal } from '#shared/money.ts'
import type { Pace } from '../../../usage/pace.ts'
import { el, glyph } from '../../dom/element.ts'
import { shareWords } from './usage-words.ts'

export type BudgetFigureOptions = {
  readonly spentNanousd: number
  /** What is said beside the figure of calls whose price is not known; empty where there are none. */
  readonly unpriced: string
  readonly limitNanousd: number | null
  readonly level: 'warn' | 'stop' | null
  readonly pace: Pace
  /** The period's last day, for a person. */
  readonly lastDay: string
}

/** What the month has cost, how much of its limit that is, and where an even pace would be by now. */
export function budgetFigure(options: BudgetFigureOptions): HTMLElement {
  const { spentNanousd, limitNanousd, pace } = options
  const figure = el('span', { class: 'double num' }, formatTotal(spentNanousd))
  const limit = limitNanousd === null ? 'no limit set' : `of ${formatTotal(limitNanousd)}`
  const rate =
    pace.expected === null
      ? null
      : el(
          'p',
          { class: 'dim' },
          'At this rate: ',
          el('b', { class: 'num' }, formatTotal(pace.expected)),
          ` on ${options.lastDay}.`,
        )
  return el(
    'div',
    { class: 'pad' },
    el('div', { class: 'big' }, figure, el('span', { class: 'dim num' }, limit)),
    limitNanousd === null ? null : meter(options, limitNanousd),
    options.unpriced === '' ? null : el('p', { class: 'warn' }, options.unpriced),
    rate,
  )
}

function meter({ spentNanousd, pace, level }: BudgetFigureOptions, limitNanousd: number): HTMLElement {
  const share = limitNanousd === 0 ? 1 : spentNanousd / limitNanousd
  const isUnderWay = pace.elapsed < 1
  const evenNanousd = Math.round(limitNanousd * pace.elapsed)
  const paceWords = isUnderWay ? againstPace(evenNanousd - spentNanousd) : ''
  const cells = el('span', { class: 'meter', 'data-fit': true })
  cells.style.setProperty('--v', String(100 * Math.min(1, share)))
  const tick = isUnderWay ? el('span', { class: 'tick' }, glyph('▲', 'tick-mark')) : null
  tick?.style.setProperty('--at', `${100 * pace.elapsed}%`)
  const words = `${shareWords(spentNanousd, limitNanousd)} used`
  const bar = el(
    'div',
    {
      class: 'budget',
      role: 'meter',
      'data-level': level,
      'aria-label': 'Budget used',
      'aria-valuemin': 0,
      'aria-valuemax': limitNanousd / 1_000_000_000,
      'aria-valuenow': Math.min(limitNanousd, spentNanousd) / 1_000_000_000,
      'aria-valuetext': [`${formatTotal(spentNanousd)} of ${formatTotal(limitNanousd)}`, words, paceWords]
        .filter(part => part !== '')
        .join(', '),
    },
    cells,
    tick,
  )
  const tone = evenNanousd >= spentNanousd ? 'ok' : 'warn'
  const below = el('p', { class: 'pace' }, el('span', {}, words), el('span', { class: tone }, paceWords))
  return el('div', {}, bar, below)
}

function againstPace(leftNanousd: number): string {
  return leftNanousd >= 0 ? `${formatTotal(leftNanousd)} under pace` : `${formatTotal(-leftNanousd)} over pace`
}
