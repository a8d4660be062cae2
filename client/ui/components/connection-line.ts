import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Link } from '../../stores/connection-store.ts'
import { bindAttribute, bindShown, bindText } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { linkWords } from './link-words.ts'

export type ConnectionLineOptions = {
  readonly link: ReadonlySignal<Link>
  readonly nowMs: ReadonlySignal<number>
  /** The money field; empty shows none. */
  readonly money: ReadonlySignal<string>
}

/** The connection line: link, then money. Its words change politely for a screen reader, its milliseconds silently. */
export function connectionLine(alive: AbortSignal, options: ConnectionLineOptions): HTMLElement {
  const words = computed(() => linkWords(options.link.value, options.nowMs.value))
  const lamp = glyph('', 'lamp')
  const name = el('span', { role: 'status' })
  const detail = el('span', { class: 'lo', 'aria-hidden': 'true' })
  const money = el('span', { class: 'num' })
  bindText(
    alive,
    lamp,
    computed(() => words.value.lamp),
  )
  bindText(
    alive,
    name,
    computed(() => words.value.words),
  )
  bindText(
    alive,
    detail,
    computed(() => (words.value.detail === '' ? '' : ` ${words.value.detail}`)),
  )
  bindText(alive, money, options.money)
  bindShown(
    alive,
    money,
    computed(() => options.money.value !== ''),
  )
  const line = el('span', { class: 'oia' }, el('span', {}, lamp, ' ', name, detail), money)
  bindAttribute(
    alive,
    line,
    'data-net',
    computed(() => words.value.net),
  )
  return line
}
