import type { ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type ChoiceOptions<Value extends string> = {
  readonly label: string
  readonly values: readonly Value[]
  readonly current: ReadonlySignal<Value>
  onChange(value: Value): void
}

/** One of a few words, side by side, as radio buttons. */
export function choice<Value extends string>(alive: AbortSignal, options: ChoiceOptions<Value>): HTMLElement {
  const { label, values, current } = options
  const name = label.replaceAll(' ', '-')
  const group = el('div', { class: 'seg', role: 'radiogroup', 'aria-label': label })
  for (const value of values) {
    const input = el('input', { type: 'radio', name, value })
    watch(alive, current, now => {
      input.checked = now === value
    })
    on(alive, input, 'change', () => options.onChange(value))
    group.append(el('label', {}, input, value))
  }
  return el('div', { class: 'opt' }, el('span', {}, label), group)
}
