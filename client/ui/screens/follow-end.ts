import { type ReadonlySignal, signal } from '@preact/signals-core'

export interface EndFollower {
  /** True when there is more below than two rows: `↓ latest` is worth showing. */
  readonly hasLatest: ReadonlySignal<boolean>
  /** The content has grown or changed. */
  contentChanged(): void
  /** Goes to the end and stays there. */
  toEnd(): void
  /** Puts an element at the top, or so far below it, and keeps it there until the reader moves, whatever is filled in around it. */
  toTop(element: HTMLElement, roomAbovePx?: number): void
}

type Held = { readonly element: HTMLElement; readonly roomAbovePx: number }

const TWO_ROWS_PX = 48

/**
 * Keeps the end of a growing text in view for a reader who is there, and never moves the page for one who is not.
 * `content` ends where the text ends; the scroller may be longer, to let a new prompt stand at its top.
 */
export function followEnd(alive: AbortSignal, scroller: HTMLElement, content: () => Element | null): EndFollower {
  const hasLatest = signal(false)
  let isFollowing = true
  let held: Held | null = null
  let isTouched = false
  /** How it stood when it was last looked at. */
  let known = { top: 0, height: 0 }
  const look = (): void => {
    known = { top: scroller.scrollTop, height: scroller.scrollHeight }
  }
  /** The browser scrolls too, and cuts off the end, while what is above is filled in: until a hand comes, only a move in what has not grown is the reader's. */
  const isMovedByReader = (): boolean =>
    Math.abs(scroller.scrollTop - known.top) > 1 && (isTouched || scroller.scrollHeight === known.height)
  const below = (): number => {
    const end = content()
    if (end === null) return 0
    return end.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom
  }
  const aboveTop = ({ element, roomAbovePx }: Held): number =>
    element.getBoundingClientRect().top - scroller.getBoundingClientRect().top - roomAbovePx
  const scrollBy = (distance: number): void => {
    scroller.scrollTop += distance
    look()
  }
  /** Under the content there is at most room for a view. */
  const isFar = (): boolean => scroller.scrollHeight - scroller.scrollTop > 2 * scroller.clientHeight + TWO_ROWS_PX
  // Where the content ends is asked only near it: each frame of a fling comes here.
  const isAtEnd = (): boolean => !isFar() && below() <= TWO_ROWS_PX
  const update = (): void => {
    hasLatest.value = !isAtEnd()
  }
  scroller.addEventListener(
    'scroll',
    () => {
      const isEnd = isAtEnd()
      if (isMovedByReader()) isFollowing = isEnd
      look()
      hasLatest.value = !isEnd
    },
    { signal: alive, passive: true },
  )
  const contentChanged = (): void => {
    const distance = held === null ? below() : aboveTop(held)
    if (held !== null ? Math.abs(distance) > 1 : isFollowing && distance > 0) scrollBy(distance)
    look()
    update()
  }
  // Only a hand lets go of what is held.
  const letGo = (): void => {
    held = null
    isTouched = true
  }
  for (const name of ['wheel', 'touchmove', 'pointerdown']) {
    scroller.addEventListener(name, letGo, { signal: alive, passive: true })
  }
  scroller.ownerDocument.addEventListener('keydown', letGo, { signal: alive, capture: true })
  const watcher = new ResizeObserver(contentChanged)
  watcher.observe(scroller)
  if (scroller.firstElementChild !== null) watcher.observe(scroller.firstElementChild)
  alive.addEventListener('abort', () => watcher.disconnect(), { once: true })
  return {
    hasLatest,
    contentChanged,
    toEnd() {
      isFollowing = true
      isTouched = false
      held = null
      scrollBy(below())
      update()
    },
    toTop(element, roomAbovePx = 0) {
      isFollowing = false
      held = { element, roomAbovePx }
      scrollBy(aboveTop(held))
      update()
    },
  }
}
