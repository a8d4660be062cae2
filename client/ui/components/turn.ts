import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Message } from '#shared/records.ts'
import type { LiveRun } from '../../runs/live-run.ts'
import { watch } from '../../signals/watch.ts'
import type { Delivery } from '../../stores/delivery.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { bindAttribute, bindShown, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { answerMeta } from './answer-meta.ts'
import { askBand } from './ask.ts'
import { reply, type ShowMarkdown } from './reply.ts'

export type TurnOptions = {
  live(messageId: string): ReadonlySignal<LiveRun | null>
  /** How the prompt of an answer stands on its way. */
  delivery(answer: ReadonlySignal<Message>): ReadonlySignal<Delivery | null>
  readonly showMarkdown: ShowMarkdown
  /** The time for words. */
  readonly nowMs: ReadonlySignal<number>
  /** The time to the millisecond, for the rate of a running answer. */
  exactNowMs(): number
  onRender(): void
  onCopy(turn: Turn): void
  onRetry(turn: Turn): void
  onRetryWith(turn: Turn): void
  onEdit(turn: Turn): void
  onVariant(turn: Turn, step: 1 | -1): void
  onDrop(turn: Turn): void
  /** Sends a held prompt after all. */
  onSend(turn: Turn): void
}

const NOTHING: ReadonlySignal<null> = signal(null)

/** One prompt with its answer, hanging on the rail whose style is the answer's status. */
export function turnItem(alive: AbortSignal, turn: ReadonlySignal<Turn>, options: TurnOptions): HTMLElement {
  const answerId = turn.peek().answer?.id
  const live = answerId === undefined ? NOTHING : options.live(answerId)
  const isOpen = signal(false)
  const state = computed(() => stateOf(turn.value, live.value))
  const item = el('li', { class: 'turn', tabindex: -1 })
  const isQueued = computed(() => state.value === 'queued')
  item.append(askBand(alive, turn, { isQueued, onVariant: step => options.onVariant(turn.peek(), step) }))
  const body = el('div', { class: 'turn-body' }, echoLine(alive, turn, item))
  const first = turn.peek().answer
  let delivery: ReadonlySignal<Delivery | null> = NOTHING
  if (first !== null) {
    const answer = computed(() => turn.value.answer ?? first)
    delivery = options.delivery(answer)
    const toggle = (): void => {
      isOpen.value = !isOpen.peek()
    }
    body.append(
      reply(alive, answer, live, { ...options, delivery }),
      answerMeta(alive, answer, live, { isOpen, onToggle: toggle, nowMs: options.exactNowMs }),
    )
  }
  body.append(actionKeys(alive, { turn, live, delivery }, options))
  item.append(body)
  bindAttribute(alive, item, 'data-state', state)
  bindAttribute(alive, item, 'data-open', isOpen)
  watch(alive, isOpen, options.onRender)
  return item
}

function stateOf(turn: Turn, live: LiveRun | null): string {
  if (live !== null) return 'streaming'
  return turn.answer?.status ?? 'unanswered'
}

/** One line of the prompt that sticks under the head once the prompt itself has scrolled out. */
function echoLine(alive: AbortSignal, turn: ReadonlySignal<Turn>, item: HTMLElement): HTMLElement {
  const text = el('span', { class: 'cut' })
  const back = el('button', { type: 'button', tabindex: -1 }, glyph('❯', 'acc'), text)
  bindText(
    alive,
    text,
    computed(() => turn.value.question.content.slice(0, 200)),
  )
  on(alive, back, 'click', () => item.scrollIntoView({ block: 'start' }))
  return el('div', { class: 'echo-track', 'aria-hidden': 'true' }, el('div', { class: 'echo' }, back))
}

type TurnSignals = {
  readonly turn: ReadonlySignal<Turn>
  readonly live: ReadonlySignal<LiveRun | null>
  readonly delivery: ReadonlySignal<Delivery | null>
}

function actionKeys(alive: AbortSignal, signals: TurnSignals, options: TurnOptions): HTMLElement {
  const { turn, live, delivery } = signals
  const isWritten = computed(() => (turn.value.answer?.content ?? '') !== '')
  const isIdle = computed(() => live.value === null && delivery.value === null)
  const isHere = computed(() => delivery.value?.state === 'waiting' || delivery.value?.state === 'held')
  const keys: readonly (readonly [string, (turn: Turn) => void, ReadonlySignal<boolean>])[] = [
    ['send now', options.onSend, computed(() => delivery.value?.state === 'held')],
    ['drop', options.onDrop, computed(() => delivery.value !== null)],
    ['copy', options.onCopy, computed(() => isIdle.value && isWritten.value)],
    ['retry', options.onRetry, isIdle],
    ['other model', options.onRetryWith, isIdle],
    ['edit', options.onEdit, computed(() => isIdle.value || isHere.value)],
  ]
  const shown = keys.map(([label, run, isShown]) => {
    const key = actionKey(alive, label, () => run(turn.peek()))
    bindShown(alive, key, isShown)
    return key
  })
  return el('div', { class: 'acts', role: 'group', 'aria-label': 'Actions' }, ...shown)
}

function actionKey(alive: AbortSignal, label: string, run: () => void): HTMLElement {
  const key = el('button', { type: 'button', class: 'key brk' }, label)
  on(alive, key, 'click', run)
  return key
}
