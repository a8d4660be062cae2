import { computed, type ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import type { Link } from '../../stores/connection-store.ts'
import { bindAttribute, bindShown, bindText, on } from '../dom/bind.ts'
import { el, glyph, setAttribute } from '../dom/element.ts'
import { linkWords } from './link-words.ts'
import type { SyncWords } from './sync-words.ts'

export type ConnectionLineOptions = {
  readonly link: ReadonlySignal<Link>
  readonly sync: ReadonlySignal<SyncWords>
  readonly nowMs: ReadonlySignal<number>
  /** The money field; empty shows none. */
  readonly money: ReadonlySignal<string>
  /** Set where a limit is near or reached. */
  readonly moneyTone?: ReadonlySignal<'warn' | 'err' | null>
  /** Makes the sync field a key that tells more. Left out where the whole line is one already. */
  readonly onSync?: () => void
}

/** The connection line: link, sync, money. Its words change politely for a screen reader, its milliseconds silently. */
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
  if (options.moneyTone !== undefined) bindAttribute(alive, money, 'data-tone', options.moneyTone)
  const line = el('span', { class: 'oia' }, el('span', {}, lamp, ' ', name, detail), syncField(alive, options), money)
  bindAttribute(
    alive,
    line,
    'data-net',
    computed(() => words.value.net),
  )
  return line
}

function syncField(alive: AbortSignal, { sync, onSync }: ConnectionLineOptions): HTMLElement {
  const field = onSync === undefined ? el('span') : el('button', { type: 'button', class: 'oia-key' })
  if (onSync !== undefined) on(alive, field, 'click', onSync)
  watch(alive, sync, ({ words, tone }) => {
    field.textContent = words
    setAttribute(field, 'data-tone', tone === '' ? null : tone)
    field.hidden = words === ''
  })
  return field
}
