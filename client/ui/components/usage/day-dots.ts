import { type DayBar, type DayChart, DOTS_A_STEP, MOST_DOTS } from '../../../usage/day-bars.ts'
import { el } from '../../dom/element.ts'
import { formatShortDay } from '../../format.ts'
import { stepWords } from './usage-words.ts'

/** A bar of braille dots for each day, on grid lines with round figures. For the eye: the sentence and the table say the same. */
export function dayDots(chart: DayChart): HTMLElement {
  const bars = el('ol', { class: 'dots' }, ...chart.bars.map(barOf))
  bars.style.setProperty('--n', String(chart.bars.length))
  return el(
    'div',
    { class: 'dots-box', 'aria-hidden': 'true' },
    ...gridLabels(chart),
    bars,
    el('div', { class: 'axis' }, ...axisWords(chart.bars).map(words => el('span', {}, words))),
  )
}

function barOf(bar: DayBar): HTMLElement {
  const item = el('li', { 'data-weekend': bar.isWeekend, 'data-today': bar.isToday }, el('i'))
  item.style.setProperty('--v', String(bar.dots))
  return item
}

function gridLabels({ step, measure }: DayChart): readonly HTMLElement[] {
  const lines = Math.floor(MOST_DOTS / DOTS_A_STEP)
  return Array.from({ length: lines }, (_, index) => {
    const label = el('span', { class: 'dots-label' }, stepWords(step * (index + 1), measure))
    label.style.setProperty('--at', String((index + 1) * DOTS_A_STEP))
    return label
  })
}

function axisWords(bars: readonly DayBar[]): readonly string[] {
  const [first, middle, last] = [bars[0], bars[Math.floor(bars.length / 2)], bars.at(-1)]
  return [first, middle, last].map(bar => {
    if (bar === undefined) return ''
    return bar.isToday ? 'today' : formatShortDay(bar.dayMs)
  })
}
