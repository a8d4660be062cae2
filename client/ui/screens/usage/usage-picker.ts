import { computed, type Signal } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import { watch } from '../../../signals/watch.ts'
import { monthOf } from '../../../usage/periods.ts'
import { on } from '../../dom/bind.ts'
import { el, glyph } from '../../dom/element.ts'
import { formatMonth } from '../../format.ts'
import { isLetterOff } from '../../letters-off.ts'
import type { UsageModel } from './usage-model.ts'

/** The month that is shown, and the way to another. */
export function monthPicker(alive: AbortSignal, app: App, { month, months }: UsageModel): HTMLElement {
  const select = el('select', { 'aria-label': 'Month' })
  watch(
    alive,
    computed(() => ({ month: month.value, months: months.value })),
    now => {
      const words = (name: string): string => formatMonth(name, app.nowMs.peek())
      select.replaceChildren(...now.months.map(name => el('option', { value: name }, words(name))))
      select.value = now.month
    },
  )
  on(alive, select, 'change', () => goToMonth(app, select.value))
  return el('span', { class: 'key month' }, select, glyph('▼'))
}

/** Moves between months without a step for the back gesture. */
function goToMonth(app: App, month: string): void {
  const part = month === monthOf(app.nowMs.peek()) ? null : month
  app.router.go({ name: 'page', page: 'usage', part }, { replace: true })
}

type Acts = { readonly model: UsageModel; readonly isTable: Signal<boolean>; readonly exportMonth: () => void }

/** The keys of the page: ← → month, t table, e export. */
export function handleUsageKeys(alive: AbortSignal, app: App, { model, isTable, exportMonth }: Acts): void {
  const step = (by: 1 | -1): void => {
    const months = model.months.peek()
    // The newest stands first.
    const next = months[months.indexOf(model.month.peek()) - by]
    if (next !== undefined) goToMonth(app, next)
  }
  const acts = new Map<string, () => void>([
    ['ArrowLeft', () => step(-1)],
    ['ArrowRight', () => step(1)],
    ['t', () => (isTable.value = !isTable.peek())],
    ['e', exportMonth],
  ])
  const take = (event: KeyboardEvent): void => {
    const act = isForThePage(event) && !isLetterOff(app, event.key) ? acts.get(event.key) : undefined
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  document.addEventListener('keydown', take, { signal: alive })
}

function isForThePage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
  if (document.querySelector('dialog[open]') !== null) return false
  const isArrow = event.key.startsWith('Arrow')
  const own = isArrow ? 'select, input, textarea, .tbl' : 'select, input, textarea'
  return !(event.target instanceof Element && event.target.closest(own) !== null)
}
