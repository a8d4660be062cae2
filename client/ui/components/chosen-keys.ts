import { computed, type ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type ChosenAct = { readonly label: string; readonly kind?: 'bad'; run(): void }

export type ChosenOptions = {
  /** Null while nothing is being chosen. */
  readonly count: ReadonlySignal<number | null>
  readonly acts: ReadonlySignal<readonly ChosenAct[]>
  onAll(): void
  onDone(): void
}

/** The soft keys while chats are being chosen: how many, and what can be done with them. */
export function chosenKeys(alive: AbortSignal, options: ChosenOptions): HTMLElement {
  const words = el('span', { class: 'name', role: 'status' })
  bindText(
    alive,
    words,
    computed(() => (options.count.value === 0 ? 'choose chats' : `${options.count.value ?? 0} chosen`)),
  )
  const all = el('button', { type: 'button', class: 'key brk' }, 'all')
  on(alive, all, 'click', options.onAll)
  const rule = el('div', { class: 'rule' }, words, el('i', { class: 'fill' }), all)
  const keys = el('div', { class: 'keys safe', 'data-even': true })
  const done = el('button', { type: 'button', class: 'key' }, 'done')
  on(alive, done, 'click', options.onDone)
  watch(
    alive,
    computed(() => ({ acts: options.acts.value, isNone: (options.count.value ?? 0) === 0 })),
    ({ acts, isNone }) => {
      keys.replaceChildren(...acts.map(act => actKey(act, isNone)), done)
    },
  )
  const box = el('div', { class: 'chosen' }, rule, keys)
  bindShown(
    alive,
    box,
    computed(() => options.count.value !== null),
  )
  return box
}

function actKey({ label, kind, run }: ChosenAct, isOff: boolean): HTMLElement {
  const key = el('button', { type: 'button', class: `key ${kind === 'bad' ? 'err' : ''}`, disabled: isOff }, label)
  key.addEventListener('click', run)
  return key
}
