import type { ReadonlySignal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import { whenIdle } from '../../platform/scheduler.ts'
import { windowHeight } from '../../platform/window-height.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { type TurnOptions, turnParts, turnState } from '../components/turn.ts'
import { bindAttribute } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { UNFORMED } from '../lazy-markdown.ts'
import { fillPace } from './fill-pace.ts'

/** The items of the transcript: each a box of about its height until the reader comes near. */
export interface TurnBoxes {
  createChapter(turns: readonly Turn[]): HTMLElement
  create(alive: AbortSignal, turn: ReadonlySignal<Turn>, options: TurnOptions): HTMLElement
  /** Fills a box now. */
  fill(item: Element): void
}

/** Turns at the end that are filled at once, at most; fewer, where they fill so many heights of the window. */
const FILLED_AT_ONCE = 3
const FILLED_VIEWS = 1.25
/** A box is filled when it comes this near, in heights of the view. */
const NEAR = '200%'
/** Boxes that get their words in one idle moment. */
const WORDS_AT_ONCE = 40
const COLUMNS = 50
const ROW_PX = 24
const GAP_PX = ROW_PX / 2
const BARE_ROWS = 5

export type TurnBoxesOptions = {
  readonly turns: ReadonlySignal<readonly Turn[]>
  readonly scheduler: Scheduler
}

export function turnBoxes(alive: AbortSignal, scroller: HTMLElement, options: TurnBoxesOptions): TurnBoxes {
  const { turns, scheduler } = options
  const waiting = new WeakMap<Element, () => void>()
  const wordless: [HTMLElement, ReadonlySignal<Turn>][] = []
  const viewPx = windowHeight(alive)
  let isWording = false
  const fill = (item: Element): void => {
    const fillItem = waiting.get(item)
    waiting.delete(item)
    forget(item)
    fillItem?.()
  }
  const forget = (item: Element): void => {
    watcher.unobserve(item)
    pace.remove(item)
  }
  const pace = fillPace(alive, scroller, { scheduler, viewPx, fill })
  /** Boxes are looked at while their chapter is near. */
  const approach = (chapter: Element, isNear: boolean): void => {
    chapter.toggleAttribute('data-near', isNear)
    for (const item of chapter.children) {
      if (!waiting.has(item)) continue
      if (isNear) watcher.observe(item)
      else forget(item)
    }
  }
  const watcher = new IntersectionObserver(
    entries => {
      for (const { isIntersecting, target } of entries) {
        if (target.matches('.chapter')) approach(target, isIntersecting)
        else if (isIntersecting) pace.add(target)
        else pace.remove(target)
      }
    },
    { root: scroller, rootMargin: `${NEAR} 0px` },
  )
  alive.addEventListener('abort', () => watcher.disconnect(), { once: true })

  /** Boxes hold the words of their turn, so that the browser's own search finds them. */
  const giveWords = (): void => {
    isWording = false
    for (const [item, turn] of wordless.splice(0, WORDS_AT_ONCE)) {
      if (!waiting.has(item) || !item.isConnected) continue
      item.replaceChildren(...wordsOf(turn.peek()))
      // Its chapter may have been near before it came.
      if (item.matches('[data-near] > *')) watcher.observe(item)
    }
    askForWords()
  }
  const askForWords = (): void => {
    if (isWording || wordless.length === 0 || alive.aborted) return
    isWording = true
    whenIdle(giveWords)
  }

  return {
    fill,
    createChapter(chapterTurns) {
      const chapter = el('ol', { class: 'chapter' })
      const heightPx = chapterTurns.reduce((sum, turn) => sum + heightOf(turn) + GAP_PX, 0)
      chapter.style.setProperty('--h', `${heightPx}px`)
      watcher.observe(chapter)
      return chapter
    },
    create(life, turn, turnOptions) {
      const item = el('li', { class: 'turn', tabindex: -1 })
      if (isInFirstView(turn.peek(), turns.peek(), viewPx())) {
        place(life, item, turn, turnOptions)
        return item
      }
      item.dataset['box'] = ''
      item.style.setProperty('--h', `${heightOf(turn.peek())}px`)
      waiting.set(item, () => placeFormed(life, item, turn, turnOptions))
      wordless.push([item, turn])
      askForWords()
      return item
    },
  }
}

/** Fills a box once its answer stands as it stays: until then it keeps its words and its height, and nothing around it moves. */
function placeFormed(alive: AbortSignal, item: HTMLElement, turn: ReadonlySignal<Turn>, options: TurnOptions): void {
  let parts: readonly HTMLElement[] | null = null
  const placeParts = (): void => {
    if (parts === null || parts.some(part => part.querySelector(UNFORMED) !== null)) return
    place(alive, item, turn, options, parts)
    parts = null
  }
  const onRender = (): void => {
    placeParts()
    options.onRender()
  }
  parts = turnParts(alive, item, turn, { ...options, onRender })
  placeParts()
}

function place(
  alive: AbortSignal,
  item: HTMLElement,
  turn: ReadonlySignal<Turn>,
  options: TurnOptions,
  parts = turnParts(alive, item, turn, options),
): void {
  item.removeAttribute('data-box')
  bindAttribute(alive, item, 'data-state', turnState(turn, options))
  item.replaceChildren(...parts)
}

function isInFirstView(turn: Turn, turns: readonly Turn[], viewPx: number): boolean {
  let below = 0
  for (const other of turns.slice(-FILLED_AT_ONCE).reverse()) {
    if (other === turn) return below < viewPx * FILLED_VIEWS
    below += heightOf(other)
  }
  return false
}

function wordsOf({ question, answer }: Turn): readonly HTMLElement[] {
  return [el('h2', { class: 'ask-text' }, question.content), el('p', {}, answer?.content ?? '')]
}

/** About as high as it will be; the browser remembers the real height once it has been drawn. */
function heightOf({ question, answer }: Turn): number {
  const rows = Math.ceil(question.content.length / COLUMNS) + Math.ceil((answer?.content.length ?? 0) / COLUMNS)
  return (rows + BARE_ROWS) * ROW_PX
}
