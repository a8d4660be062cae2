import { computed, type ReadonlySignal } from '@preact/signals-core'
import { formatAnswerCost } from '#shared/money.ts'
import type { Message } from '#shared/records.ts'
import { watch } from '../../signals/watch.ts'
import { type Fact, factList } from '../components/facts.ts'
import { openSheet, type Sheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { formatClock, shortModel } from '../format.ts'

/** One thing to do, in the order of the sheet. */
export type SheetAct = { readonly label: string; readonly hint: string; readonly tone: '' | 'err'; run(): void }

export type MessageSheetOptions = {
  readonly message: Message
  readonly facts: ReadonlySignal<readonly Fact[]>
  /** How it differs from the other answers to the same question. */
  readonly siblings: readonly Fact[]
  /** The usage as the provider sent it, as JSON; null while there is none. */
  readonly rawUsage: ReadonlySignal<string | null>
  readonly acts: readonly SheetAct[]
  onClose(): void
}

/** All that is known of a message and all that can be done with it. */
export function openMessageSheet(host: HTMLElement, options: MessageSheetOptions): void {
  openSheet(host, { label: 'Message', kind: 'message-sheet' }, sheet => {
    const { message, siblings } = options
    sheet.alive.addEventListener('abort', options.onClose, { once: true })
    const name = message.role === 'assistant' ? shortModel(message.model) : 'question'
    const rule = el(
      'h2',
      { class: 'rule' },
      el('span', { class: 'name' }, name),
      el('i', { class: 'fill' }),
      el('span', { class: 'num' }, formatClock(message.created_at)),
    )
    const siblingList =
      siblings.length === 0
        ? null
        : factList(
            sheet.alive,
            computed(() => siblings),
          )
    return [
      el(
        'div',
        { class: 'scroll' },
        rule,
        factList(sheet.alive, options.facts),
        siblingList,
        rawUsage(sheet.alive, options.rawUsage),
        el('ul', { class: 'opts' }, ...options.acts.map((act, index) => actRow(sheet, act, index === 0))),
      ),
    ]
  })
}

function rawUsage(alive: AbortSignal, usage: ReadonlySignal<string | null>): HTMLElement {
  const text = el('pre', { tabindex: '0', 'aria-label': 'Usage as the provider sent it' })
  const fold = el('details', { class: 'think' }, el('summary', {}, 'usage as the provider sent it'), text)
  watch(alive, usage, value => {
    fold.hidden = value === null
    text.textContent = value
  })
  return fold
}

function actRow(sheet: Sheet, act: SheetAct, isFirst: boolean): HTMLElement {
  const hint = act.hint === '' ? null : el('span', { class: 'dim' }, ` ${act.hint}`)
  const button = el(
    'button',
    { type: 'button', class: 'row-main', ...(isFirst && { autofocus: true }) },
    el('span', { class: 'row-mark' }),
    el('span', { class: `row-title ${act.tone}` }, act.label, hint),
  )
  on(sheet.alive, button, 'click', () => {
    sheet.close()
    act.run()
  })
  return el('li', { class: 'row' }, button)
}

/** What asking again would cost, going by what it cost the last time. */
export function retryHint({ cost_nanousd: cost, price_state: state }: Message): string {
  return cost === null ? '' : `≈ ${formatAnswerCost(cost, state === 'estimated' ? 'reported' : state)}`
}
