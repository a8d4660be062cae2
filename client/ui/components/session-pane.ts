import { computed, type ReadonlySignal } from '@preact/signals-core'
import { formatTotal } from '#shared/money.ts'
import { watch } from '../../signals/watch.ts'
import { bindAttribute, bindShown, bindText } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { formatTokens } from '../format.ts'
import { tokensRead, tokensWritten } from './answer-facts.ts'
import { factList } from './facts.ts'
import { costFacts, modelFacts, type SessionValues } from './session-facts.ts'

const METER_CELLS = 30

/** Model, context and cost of the chat on the screen: the right pane of a wide screen and the body of the session sheet. */
export function sessionPane(alive: AbortSignal, values: ReadonlySignal<SessionValues>): HTMLElement {
  const cost = el('span', { class: 'num bright' })
  bindText(
    alive,
    cost,
    computed(() => (values.value.costNanousd === null ? '' : formatTotal(values.value.costNanousd))),
  )
  return el(
    'div',
    { class: 'session' },
    rule('session'),
    factList(
      alive,
      computed(() => modelFacts(values.value)),
    ),
    contextMeter(alive, values),
    rule('cost', cost),
    factList(
      alive,
      computed(() => costFacts(values.value)),
    ),
  )
}

function contextMeter(alive: AbortSignal, values: ReadonlySignal<SessionValues>): HTMLElement {
  const use = computed(() => contextUse(values.value))
  const words = el('span', { class: 'num' })
  const meter = el('span', { class: 'meter', role: 'meter', 'aria-label': 'Context used', 'aria-valuemin': 0 })
  meter.style.setProperty('--cells', String(METER_CELLS))
  bindText(
    alive,
    words,
    computed(() => (use.value === null ? '' : `${formatTokens(use.value.used)} of ${formatTokens(use.value.window)}`)),
  )
  bindAttribute(
    alive,
    meter,
    'aria-valuemax',
    computed(() => use.value?.window ?? null),
  )
  bindAttribute(
    alive,
    meter,
    'aria-valuenow',
    computed(() => use.value?.used ?? null),
  )
  watch(alive, use, value => {
    const cells = value === null ? 0 : Math.ceil((value.used / value.window) * METER_CELLS)
    meter.style.setProperty('--v', String(Math.min(METER_CELLS, cells)))
  })
  const box = el('div', {}, rule('context', words), el('div', { class: 'pad' }, meter))
  bindShown(
    alive,
    box,
    computed(() => use.value !== null),
  )
  return box
}

/** What the last answer read and wrote is what the next prompt carries along. */
function contextUse(values: SessionValues): { readonly used: number; readonly window: number } | null {
  const window = values.model?.context_window ?? null
  const last = values.messages.findLast(message => message.role === 'assistant' && message.tokens_input !== null)
  if (window === null || last === undefined) return null
  return { used: (tokensRead(last) ?? 0) + tokensWritten(last), window }
}

function rule(name: string, end?: HTMLElement): HTMLElement {
  return el('h2', { class: 'rule' }, el('span', { class: 'name' }, name), el('i', { class: 'fill' }), end)
}
