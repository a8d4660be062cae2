import '../../styles/month-cash.css'
import { computed, type ReadonlySignal } from '@preact/signals-core'
import { formatTotal } from '#shared/money.ts'
import { watch } from '../../signals/watch.ts'
import { bindAttribute, bindShown, bindText } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type MonthCash = {
  readonly spentNanousd: number
  readonly limitNanousd: number
  readonly level: 'warn' | 'stop' | null
}

/** What this month has cost of its limit, as the way to the usage page; nothing where there is no limit. */
export function monthCash(alive: AbortSignal, cash: ReadonlySignal<MonthCash | null>): HTMLElement {
  const spent = el('span', { class: 'bright' })
  const limit = el('span', { class: 'dim' })
  const meter = el('span', { class: 'meter', 'data-fit': true, 'aria-hidden': 'true' })
  const text = (of: (value: MonthCash) => string): ReadonlySignal<string> =>
    computed(() => (cash.value === null ? '' : of(cash.value)))
  bindText(
    alive,
    spent,
    text(({ spentNanousd }) => formatTotal(spentNanousd)),
  )
  bindText(
    alive,
    limit,
    text(({ limitNanousd }) => ` of ${formatTotal(limitNanousd)}`),
  )
  watch(alive, cash, value => {
    const share = value === null || value.limitNanousd === 0 ? 1 : value.spentNanousd / value.limitNanousd
    meter.style.setProperty('--v', String(100 * Math.min(1, share)))
  })
  const link = el(
    'a',
    { class: 'cash wide-no', href: '/usage', 'data-route': true },
    el('span', { class: 'sr' }, 'This month: '),
    el('span', { class: 'num' }, spent, limit),
    meter,
  )
  bindAttribute(
    alive,
    link,
    'data-level',
    computed(() => cash.value?.level ?? null),
  )
  bindShown(
    alive,
    link,
    computed(() => cash.value !== null),
  )
  return link
}
