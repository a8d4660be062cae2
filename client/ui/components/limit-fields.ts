import type { ReadonlySignal } from '@preact/signals-core'
import type { Limits } from '#shared/budget.ts'
import { formatNanousd } from '#shared/money.ts'
import { watch } from '../../signals/watch.ts'
import { parseDollars } from '../../usage/parse-dollars.ts'
import { on } from '../dom/bind.ts'
import { el, setAttribute } from '../dom/element.ts'

export type LimitFieldsOptions = {
  readonly label: string
  readonly limits: ReadonlySignal<Limits>
  /** Called with the one that was changed. */
  onChange(change: Partial<Limits>): void
}

type Field = keyof Limits

/** The two limits of a period as sums one can write. What cannot be read is said, and changes nothing. */
export function limitFields(alive: AbortSignal, options: LimitFieldsOptions): HTMLElement {
  const problem = el('p', { class: 'err limit-problem', role: 'alert' })
  return el(
    'div',
    { class: 'opt limits', role: 'group', 'aria-label': options.label },
    el('span', {}, options.label),
    field(alive, options, { name: 'warn_nanousd', word: 'warn at', problem }),
    field(alive, options, { name: 'stop_nanousd', word: 'stop at', problem }),
    problem,
  )
}

function field(
  alive: AbortSignal,
  { label, limits, onChange }: LimitFieldsOptions,
  { name, word, problem }: { readonly name: Field; readonly word: string; readonly problem: HTMLElement },
): HTMLElement {
  const input = el('input', {
    class: 'field limit-field',
    inputmode: 'decimal',
    autocomplete: 'off',
    placeholder: 'none',
    'aria-label': `${label}: ${word}, in dollars`,
  })
  watch(alive, limits, now => {
    if (document.activeElement !== input) input.value = written(now[name])
  })
  on(alive, input, 'change', () => {
    const sum = parseDollars(input.value)
    const isWrong = sum.kind === 'unreadable'
    setAttribute(input, 'aria-invalid', isWrong ? 'true' : null)
    problem.textContent = isWrong ? 'A sum in dollars, as 20 or 1.50. Nothing was changed.' : ''
    if (!isWrong) onChange({ [name]: sum.kind === 'sum' ? sum.nanousd : null })
  })
  return el('label', { class: 'limit' }, el('span', { class: 'dim' }, word), ' $', input)
}

function written(nanousd: number | null): string {
  if (nanousd === null) return ''
  return formatNanousd(nanousd)
    .replace('$', '')
    .replace(/(\.\d\d\d*?)0+$/, '$1')
}
