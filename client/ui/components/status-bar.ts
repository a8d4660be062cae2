import { computed, type ReadonlySignal } from '@preact/signals-core'
import { bindAttribute, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type Mode = 'INS' | 'NAV' | 'FIND'

/** Somewhere the bar leads to: its key, its word and where it lies. */
export type Place = { readonly name: string; readonly label: string; readonly path: ReadonlySignal<string> }

export type StatusBarOptions = {
  readonly mode: ReadonlySignal<Mode>
  readonly connection: HTMLElement
  readonly places: readonly Place[]
  readonly hereName: ReadonlySignal<string>
  /** The keys of the page that is shown. */
  readonly hint: ReadonlySignal<string>
  onKeys(): void
}

/** The reversed bar at the foot of a wide screen: mode, places, the keys that count here, connection. */
export function statusBar(alive: AbortSignal, options: StatusBarOptions): HTMLElement {
  const mode = el('span', { class: 'mode' })
  bindText(alive, mode, options.mode)
  const hint = el('span', { class: 'mid-no' })
  bindText(alive, hint, options.hint)
  const keys = el('button', { type: 'button' }, '? keys')
  on(alive, keys, 'click', options.onKeys)
  return el(
    'footer',
    { class: 'bar', 'aria-label': 'Status' },
    mode,
    ...options.places.map(place => placeLink(alive, place, options.hereName)),
    el('span', { class: 'grow' }),
    hint,
    options.connection,
    keys,
  )
}

function placeLink(alive: AbortSignal, place: Place, hereName: ReadonlySignal<string>): HTMLElement {
  const link = el('a', { 'data-route': true }, place.label)
  bindAttribute(alive, link, 'href', place.path)
  bindAttribute(
    alive,
    link,
    'aria-current',
    computed(() => (hereName.value === place.name ? 'page' : null)),
  )
  return link
}
