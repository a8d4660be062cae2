import type { ReadonlySignal } from '@preact/signals-core'
import { bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type Mode = 'INS' | 'NAV' | 'FIND'

export type StatusBarOptions = {
  readonly mode: ReadonlySignal<Mode>
  readonly connection: HTMLElement
  onSetup(): void
  onKeys(): void
}

/** The reversed bar at the foot of a wide screen: mode, setup, connection, keys. */
export function statusBar(alive: AbortSignal, options: StatusBarOptions): HTMLElement {
  const mode = el('span', { class: 'mode' })
  bindText(alive, mode, options.mode)
  const setup = el('button', { type: 'button' }, 'setup')
  const keys = el('button', { type: 'button' }, '? keys')
  on(alive, setup, 'click', options.onSetup)
  on(alive, keys, 'click', options.onKeys)
  return el(
    'footer',
    { class: 'bar', 'aria-label': 'Status' },
    mode,
    setup,
    el('span', { class: 'grow' }),
    options.connection,
    keys,
  )
}
