import { computed } from '@preact/signals-core'
import { copyToClipboard } from '../../actions/copy-to-clipboard.ts'
import { dropPrompt } from '../../actions/drop-prompt.ts'
import { editPrompt } from '../../actions/edit-prompt.ts'
import { retryAnswer } from '../../actions/retry-answer.ts'
import { sendHeld } from '../../actions/send-held.ts'
import { switchVariant } from '../../actions/switch-variant.ts'
import { wakeApp } from '../../actions/wake-app.ts'
import type { App } from '../../app.ts'
import { watch } from '../../signals/watch.ts'
import { deliveryOf } from '../../stores/delivery.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { loadWords } from '../components/load-words.ts'
import type { ShowMarkdown } from '../components/reply.ts'
import { skeletonTurn } from '../components/skeleton.ts'
import { turnItem } from '../components/turn.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { keyedList } from '../dom/keyed-list.ts'
import { type EndFollower, followEnd } from './follow-end.ts'

export type TranscriptOptions = {
  readonly showMarkdown: ShowMarkdown
  /** Asks for a model, then calls back. */
  pickModel(onChoose: (modelId: string) => void): void
  focusComposer(): void
}

export type Transcript = { readonly element: HTMLElement; readonly follower: EndFollower; readonly log: HTMLElement }

/** The turns of the chat on the screen, in a scroller that follows the end for whoever reads there. */
export function transcript(alive: AbortSignal, app: App, options: TranscriptOptions): Transcript {
  const log = el('ol', { class: 'log' })
  const scroller = el('main', { class: 'main scroll' }, log, loadingWords(alive, app))
  const follower = followEnd(alive, scroller, () => lastShownPart(log))
  keyedList(alive, log, {
    items: app.chat.turns,
    keyOf: turn => `${turn.question.id}/${turn.answer?.id ?? ''}`,
    create: (life, turn) =>
      turnItem(life, turn, {
        live: messageId => computed(() => app.runs.registry.live.value.get(messageId) ?? null),
        showMarkdown: options.showMarkdown,
        delivery: answer =>
          computed(() =>
            deliveryOf(answer.value, { outbox: app.sync.outbox.value, isCutOff: app.sync.failure.value !== null }),
          ),
        nowMs: app.nowMs,
        exactNowMs: () => app.clock.now(),
        onRender: follower.contentChanged,
        onCopy: shown => void copyToClipboard(app, shown.answer?.content ?? ''),
        onRetry: shown => void retryAnswer(app, shown),
        onRetryWith: shown => options.pickModel(model => void retryAnswer(app, shown, model)),
        onEdit(shown) {
          editPrompt(app, shown)
          options.focusComposer()
        },
        onVariant: (shown, step) => void switchVariant(app, shown, step),
        onDrop: shown => void dropPrompt(app, shown),
        onSend: shown => sendNow(app, shown),
      }),
  })
  moveWithTurns(alive, app, log, follower)
  return { element: scroller, follower, log }
}

function sendNow(app: App, { answer }: Turn): void {
  const held = app.sync.outbox.peek().find(({ prompt, state }) => prompt.message_id === answer?.id && state === 'held')
  if (held !== undefined) void sendHeld(app, held)
}

/** What the transcript ends with; the turn itself may be taller, to leave room under a new prompt. */
function lastShownPart(log: HTMLElement): Element | null {
  const parts = [
    ...(log.lastElementChild?.querySelectorAll(':scope > .ask, :scope > .turn-body > :not(.echo-track)') ?? []),
  ]
  return parts.findLast(part => part.getClientRects().length > 0) ?? null
}

/** A chat opens at its end; a prompt sent here goes to the top of the view, and its answer is printed below it. */
function moveWithTurns(alive: AbortSignal, app: App, log: HTMLElement, follower: EndFollower): void {
  let openId: string | null | undefined
  let lastKey = ''
  watch(alive, app.chat.turns, turns => {
    const id = app.chat.id.peek()
    const last = turns.at(-1)
    const key = keyOf(last)
    const isNewHere = last?.answer?.rev === 0 && key !== lastKey
    const item = log.lastElementChild
    if (isNewHere && item instanceof HTMLElement) {
      item.dataset['room'] = ''
      follower.toTop(item)
    } else if (id !== openId || lastKey === '') follower.toEnd()
    else follower.contentChanged()
    openId = id
    lastKey = key
  })
}

function keyOf(turn: Turn | undefined): string {
  return turn === undefined ? '' : `${turn.question.id}/${turn.answer?.id ?? ''}`
}

function loadingWords(alive: AbortSignal, app: App): HTMLElement {
  const skeleton = skeletonTurn()
  const isEmpty = computed(() => app.chat.id.value !== null && app.chat.turns.value.length === 0)
  bindShown(
    alive,
    skeleton,
    computed(() => isEmpty.value && app.chat.load.value.state === 'loading'),
  )
  const words = el('p')
  const again = el('button', { type: 'button', class: 'key brk' }, 'try again')
  on(alive, again, 'click', () => wakeApp(app))
  const text = computed(() => loadWords(app.chat.load.value, 'The messages of this chat'))
  bindText(alive, words, text)
  const failed = el('div', { class: 'list-empty', role: 'alert' }, words, again)
  bindShown(
    alive,
    failed,
    computed(() => isEmpty.value && text.value !== ''),
  )
  return el('div', {}, skeleton, failed)
}
