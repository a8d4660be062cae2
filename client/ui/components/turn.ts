import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { LiveRun } from '../../runs/live-run.ts'
import { watch } from '../../signals/watch.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { bindAttribute, bindShown, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { answerMeta } from './answer-meta.ts'
import { askBand } from './ask.ts'
import { reply, type ShowMarkdown } from './reply.ts'

export type TurnOptions = {
  live(messageId: string): ReadonlySignal<LiveRun | null>
  readonly showMarkdown: ShowMarkdown
  /** Milliseconds since 1970, for the rate of a running answer. */
  nowMs(): number
  onRender(): void
  onCopy(turn: Turn): void
  onRetry(turn: Turn): void
  onRetryWith(turn: Turn): void
  onEdit(turn: Turn): void
  onVariant(turn: Turn, step: 1 | -1): void
  onDrop(run: LiveRun): void
}

const NO_RUN: ReadonlySignal<LiveRun | null> = signal(null)

/** One prompt with its answer, hanging on the rail whose style is the answer's status. */
export function turnItem(alive: AbortSignal, turn: ReadonlySignal<Turn>, options: TurnOptions): HTMLElement {
  const answerId = turn.peek().answer?.id
  const live = answerId === undefined ? NO_RUN : options.live(answerId)
  const isOpen = signal(false)
  const state = computed(() => stateOf(turn.value, live.value))
  const item = el('li', { class: 'turn', tabindex: -1 })
  const isQueued = computed(() => state.value === 'queued')
  item.append(askBand(alive, turn, { isQueued, onVariant: step => options.onVariant(turn.peek(), step) }))
  const body = el('div', { class: 'turn-body' }, echoLine(alive, turn, item))
  const first = turn.peek().answer
  if (first !== null) {
    const answer = computed(() => turn.value.answer ?? first)
    const toggle = (): void => {
      isOpen.value = !isOpen.peek()
    }
    body.append(
      reply(alive, answer, live, options),
      answerMeta(alive, answer, live, { isOpen, onToggle: toggle, nowMs: options.nowMs }),
    )
  }
  body.append(actionKeys(alive, turn, live, options))
  item.append(body)
  bindAttribute(alive, item, 'data-state', state)
  bindAttribute(alive, item, 'data-open', isOpen)
  watch(alive, isOpen, options.onRender)
  return item
}

function stateOf(turn: Turn, live: LiveRun | null): string {
  if (live !== null) return live.link.value === 'queued' ? 'queued' : 'streaming'
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

function actionKeys(
  alive: AbortSignal,
  turn: ReadonlySignal<Turn>,
  live: ReadonlySignal<LiveRun | null>,
  options: TurnOptions,
): HTMLElement {
  const drop = actionKey(alive, 'take back', () => {
    const run = live.peek()
    if (run !== null) options.onDrop(run)
  })
  const copy = actionKey(alive, 'copy', () => options.onCopy(turn.peek()))
  const others = [
    actionKey(alive, 'retry', () => options.onRetry(turn.peek())),
    actionKey(alive, 'other model', () => options.onRetryWith(turn.peek())),
    actionKey(alive, 'edit', () => options.onEdit(turn.peek())),
  ]
  bindShown(
    alive,
    drop,
    computed(() => live.value?.link.value === 'queued'),
  )
  bindShown(
    alive,
    copy,
    computed(() => (turn.value.answer?.content ?? '') !== '' && live.value === null),
  )
  const isDone = computed(() => live.value === null)
  for (const key of others) bindShown(alive, key, isDone)
  return el('div', { class: 'acts', role: 'group', 'aria-label': 'Actions' }, drop, copy, ...others)
}

function actionKey(alive: AbortSignal, label: string, run: () => void): HTMLElement {
  const key = el('button', { type: 'button', class: 'key brk' }, label)
  on(alive, key, 'click', run)
  return key
}
