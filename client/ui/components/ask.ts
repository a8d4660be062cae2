import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Turn } from '../../stores/message-tree.ts'
import { bindAttribute, bindText, on, shownPart } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { formatClock } from '../format.ts'

export type AskOptions = {
  readonly isQueued: ReadonlySignal<boolean>
  /** A device that is not this one, as its person calls it; null for this one, and where nobody knows. */
  otherDevice(deviceId: string | null): string | null
  onAct(act: 'previous' | 'next'): void
}

/** The prompt of a turn: a band with the text, the time and the switch between siblings. */
export function askBand(alive: AbortSignal, turn: ReadonlySignal<Turn>, options: AskOptions): HTMLElement {
  const sign = glyph('❯')
  const text = el('span', { class: 'ask-text', dir: 'auto' })
  const when = el('time', { class: 'ask-when wide' })
  bindText(
    alive,
    sign,
    computed(() => (options.isQueued.value ? '↑' : '❯')),
  )
  bindText(
    alive,
    text,
    computed(() => turn.value.question.content),
  )
  bindText(
    alive,
    when,
    computed(() => formatClock(turn.value.question.created_at)),
  )
  const isForked = computed(() => turn.value.variants.length > 1)
  const fork = shownPart(alive, isForked, () => forkSwitch(alive, turn, options))
  return el('h2', { class: 'ask' }, sign, text, when, fork)
}

function forkSwitch(alive: AbortSignal, turn: ReadonlySignal<Turn>, options: AskOptions): HTMLElement {
  const previous = el('button', { type: 'button', class: 'key', 'aria-label': 'Previous branch' }, '‹')
  const next = el('button', { type: 'button', class: 'key', 'aria-label': 'Next branch' }, '›')
  const place = el('output')
  const group = el('span', { class: 'fork', role: 'group' }, previous, place, next)
  const origin = el('span', { class: 'dim' })
  bindText(
    alive,
    origin,
    computed(() => originOf(turn.value, options)),
  )
  const position = computed(() => `${turn.value.variant + 1}/${turn.value.variants.length}`)
  bindText(alive, place, position)
  bindAttribute(
    alive,
    group,
    'aria-label',
    computed(() => `Branch ${position.value.replace('/', ' of ')}`),
  )
  bindAttribute(
    alive,
    previous,
    'disabled',
    computed(() => turn.value.variant <= 0),
  )
  bindAttribute(
    alive,
    next,
    'disabled',
    computed(() => turn.value.variant >= turn.value.variants.length - 1),
  )
  on(alive, previous, 'click', () => options.onAct('previous'))
  on(alive, next, 'click', () => options.onAct('next'))
  return el('span', { class: 'ask-tail' }, origin, group)
}

/** Where and when a sibling was written that this device did not write. */
function originOf({ question, answer }: Turn, { otherDevice }: AskOptions): string {
  const { device_id: origin, created_at: createdAt } = answer ?? question
  const name = otherDevice(origin)
  return name === null ? '' : `from ${name}, ${formatClock(createdAt)}`
}
