import { computed, signal } from '@preact/signals-core'
import { wakeApp } from '../../actions/wake-app.ts'
import type { App } from '../../app.ts'
import { watch } from '../../signals/watch.ts'
import { deliveryOf } from '../../stores/delivery.ts'
import { keyOfTurn, type Turn } from '../../stores/message-tree.ts'
import { otherDevice } from '../../usage/device-names.ts'
import { loadWords } from '../components/load-words.ts'
import type { ShowMarkdown } from '../components/reply.ts'
import { skeletonTurn } from '../components/skeleton.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import type { ActOnTurn } from '../turn-acts.ts'
import { lastTurnItem, turnItems } from '../turn-items.ts'
import { type EndFollower, followEnd } from './follow-end.ts'
import { type HeldLog, holdBack } from './hold-back.ts'
import { type TurnBoxes, turnBoxes } from './turn-boxes.ts'
import { turnChapters } from './turn-chapters.ts'

const MARKED_MS = 2_000

export type TranscriptOptions = {
  readonly showMarkdown: ShowMarkdown
  readonly onAct: ActOnTurn
}

export type Transcript = {
  readonly element: HTMLElement
  readonly follower: EndFollower
  readonly log: HTMLElement
}

/** The turns of the chat on the screen, in a scroller that follows the end for whoever reads there. */
export function transcript(alive: AbortSignal, app: App, options: TranscriptOptions): Transcript {
  const log = el('div', { class: 'log' })
  const scroller = el('main', { class: 'main scroll' }, log)
  const follower = followEnd(alive, scroller, () => lastShownPart(log))
  const { load } = app.chat
  const held = holdBack(alive, log, {
    chatId: app.chat.id,
    hasTurns: computed(() => app.chat.turns.value.length > 0),
    isComing: computed(() => load.value.state === 'loading'),
    scheduler: app.scheduler,
    onShow: follower.toEnd,
  })
  scroller.append(loadingWords(alive, app, held))
  const boxes = turnBoxes(alive, scroller, { turns: app.chat.turns, scheduler: app.scheduler })
  turnChapters(alive, log, {
    turns: app.chat.turns,
    createChapter: boxes.createChapter,
    createTurn: (life, turn) =>
      boxes.create(life, turn, {
        live: messageId => computed(() => app.runs.registry.live.value.get(messageId) ?? null),
        showMarkdown: options.showMarkdown,
        delivery: answer =>
          computed(() =>
            deliveryOf(answer.value, { outbox: app.sync.outbox.value, isCutOff: app.sync.failure.value !== null }),
          ),
        nowMs: app.nowMs,
        exactNowMs: () => app.clock.now(),
        otherDevice: id => otherDevice(id, { settings: app.shared.value.byName, ownId: app.messages.deviceId.value }),
        // What follows the end sees by itself that the log has grown: asked here, each answer would lay out the whole page anew.
        onRender: held.drawn,
        onAct: options.onAct,
      }),
  })
  awaitFingers(alive, app, log, options.onAct)
  moveWithTurns(alive, app, log, follower)
  goToTarget(alive, app, log, { follower, boxes, held })
  watch(
    alive,
    computed(() => ({ turns: app.chat.turns.value, load: load.value.state })),
    held.filled,
  )
  return { element: scroller, follower, log }
}

/** Fetches what follows fingers at the first touch; where that fails, at the next one. A mouse has keys for all of it. */
function awaitFingers(alive: AbortSignal, app: App, log: HTMLElement, act: ActOnTurn): void {
  const turnOf = (item: HTMLElement): Turn | null => app.chat.turns.peek()[turnItems(log).indexOf(item)] ?? null
  const fetchAll = (): void => {
    void import('../turn-gestures.ts').then(
      ({ followFingers }) => followFingers(alive, log, { turnOf, act, scheduler: app.scheduler }),
      () => awaitFingers(alive, app, log, act),
    )
  }
  log.addEventListener('touchstart', fetchAll, { signal: alive, passive: true, once: true })
}

/** What the transcript ends with; the turn itself may be taller, to leave room under a new prompt. */
function lastShownPart(log: HTMLElement): Element | null {
  // Child by child: a selector would look at every element of the answer, in each frame.
  const parts = childrenOf(lastTurnItem(log)).flatMap(part => {
    if (part.matches('.turn-body')) return childrenOf(part).filter(inner => !inner.matches('.echo-track'))
    return part.matches('.ask') ? [part] : []
  })
  return parts.findLast(part => part.getClientRects().length > 0) ?? null
}

function childrenOf(element: Element | null): readonly Element[] {
  return element === null ? [] : [...element.children]
}

/** A chat opens at its end; a prompt sent here goes to the top of the view, and its answer is printed below it. */
function moveWithTurns(alive: AbortSignal, app: App, log: HTMLElement, follower: EndFollower): void {
  let openId: string | null | undefined
  let lastKey = ''
  watch(alive, app.chat.turns, turns => {
    const id = app.chat.id.peek()
    const last = turns.at(-1)
    const key = last === undefined ? '' : keyOfTurn(last)
    const isNewHere = last?.answer?.rev === 0 && key !== lastKey
    const item = lastTurnItem(log)
    if (isNewHere && item !== null) {
      item.dataset['room'] = ''
      follower.toTop(item)
    } else if (id !== openId || lastKey === '') follower.toEnd()
    else follower.contentChanged()
    openId = id
    lastKey = key
  })
}

type GoingParts = {
  readonly follower: EndFollower
  readonly boxes: TurnBoxes
  readonly held: HeldLog
}

/** Goes to the message that was asked for, as soon as it is there, and marks its turn for a moment. */
function goToTarget(alive: AbortSignal, app: App, log: HTMLElement, { follower, boxes, held }: GoingParts): void {
  const { target, turns } = app.chat
  const index = computed(() =>
    target.value === null
      ? -1
      : turns.value.findIndex(({ question, answer }) => question.id === target.value || answer?.id === target.value),
  )
  const go = (): void => {
    const item = turnItems(log)[index.peek()]
    if (item === undefined) return
    target.value = null
    // Its place is known only once all stands in the page.
    held.show()
    boxes.fill(item)
    follower.toTop(item)
    item.focus({ preventScroll: true })
    item.dataset['found'] = ''
    app.scheduler.after(MARKED_MS, () => item.removeAttribute('data-found'))
  }
  // Asked once all that follows a change is done: the log may still have to get its items.
  watch(alive, index, at => {
    if (at !== -1) queueMicrotask(go)
  })
}

function loadingWords(alive: AbortSignal, app: App, { isHeld }: HeldLog): HTMLElement {
  const skeleton = skeletonTurn()
  const isEmpty = computed(() => app.chat.id.value !== null && app.chat.turns.value.length === 0)
  const isLoading = computed(() => isEmpty.value && app.chat.load.value.state === 'loading')
  const loadingId = signal<string | null>(null)
  watch(alive, isLoading, isNow => {
    if (isNow) loadingId.value = app.chat.id.peek()
  })
  bindShown(
    alive,
    skeleton,
    computed(() => isLoading.value || (isHeld.value && loadingId.value === app.chat.id.value)),
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
