import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Message } from '#shared/records.ts'
import type { LiveRun } from '../../runs/live-run.ts'
import type { Delivery } from '../../stores/delivery.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { bindAttribute, bindShown, bindText, on, shownPart } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import type { ActOnTurn, TurnAct } from '../turn-acts.ts'
import { isCutShort } from './answer-facts.ts'
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
  /** A device that is not this one, as its person calls it; null for this one, and where nobody knows. */
  otherDevice(deviceId: string | null): string | null
  onRender(): void
  readonly onAct: ActOnTurn
}

const NOTHING: ReadonlySignal<null> = signal(null)
/** How an answer stands when what can be done with it is seen without asking. */
const ACTED: ReadonlySet<string> = new Set(['error', 'interrupted', 'queued', 'unanswered'])

/** What stands in an item of the list: a prompt and its answer, hanging on the rail whose style is the answer's status. */
export function turnParts(
  alive: AbortSignal,
  item: HTMLElement,
  turn: ReadonlySignal<Turn>,
  options: TurnOptions,
): readonly HTMLElement[] {
  const answerId = turn.peek().answer?.id
  const live = answerId === undefined ? NOTHING : options.live(answerId)
  const isOpen = signal(false)
  const isQueued = computed(() => turn.value.answer?.status === 'queued')
  const act = (name: TurnAct): void => options.onAct(name, turn.peek())
  const ask = askBand(alive, turn, { isQueued, otherDevice: options.otherDevice, onAct: act })
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
      answerMeta(alive, answer, live, {
        isOpen,
        onToggle: toggle,
        onMore: () => act('more'),
        nowMs: options.exactNowMs,
      }),
    )
  }
  const isActed = computed(() => isOpen.value || ACTED.has(turn.value.answer?.status ?? 'unanswered'))
  body.append(shownPart(alive, isActed, () => actionKeys(alive, { turn, live, delivery }, act)))
  bindAttribute(alive, item, 'data-open', isOpen)
  return [ask, body]
}

/** How a turn stands: the status of its answer. */
export function turnState(turn: ReadonlySignal<Turn>, { live }: Pick<TurnOptions, 'live'>): ReadonlySignal<string> {
  const answerId = turn.peek().answer?.id
  const run = answerId === undefined ? NOTHING : live(answerId)
  return computed(() => (run.value === null ? (turn.value.answer?.status ?? 'unanswered') : 'streaming'))
}

/** One line of the prompt that sticks under the head once the prompt itself has scrolled out. */
function echoLine(alive: AbortSignal, turn: ReadonlySignal<Turn>, item: HTMLElement): HTMLElement {
  const text = el('span', { class: 'cut', dir: 'auto' })
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

function actionKeys(alive: AbortSignal, signals: TurnSignals, act: (name: TurnAct) => void): HTMLElement {
  const { turn, live, delivery } = signals
  const isWritten = computed(() => (turn.value.answer?.content ?? '') !== '')
  const isIdle = computed(() => live.value === null && delivery.value === null)
  const isHere = computed(() => delivery.value?.state === 'waiting' || delivery.value?.state === 'held')
  const keys: readonly (readonly [string, TurnAct, ReadonlySignal<boolean>])[] = [
    ['send now', 'send', computed(() => delivery.value?.state === 'held')],
    ['drop', 'drop', computed(() => delivery.value !== null)],
    ['continue', 'continue', computed(() => isIdle.value && isCutShort(turn.value.answer))],
    ['copy', 'copy', computed(() => isIdle.value && isWritten.value)],
    ['retry', 'retry', isIdle],
    ['other model', 'retry-with', isIdle],
    ['edit', 'edit', computed(() => isIdle.value || isHere.value)],
    ['branch', 'branch', computed(() => isIdle.value && isWritten.value)],
  ]
  const shown = keys.map(([label, name, isShown]) => {
    const key = actionKey(alive, label, () => act(name))
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
