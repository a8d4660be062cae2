import { type ReadonlySignal, signal } from '@preact/signals-core'

export interface EndFollower {
  /** True when there is more below than two rows: `↓ latest` is worth showing. */
  readonly hasLatest: ReadonlySignal<boolean>
  /** The content has grown or changed. */
  contentChanged(): void
  /** Goes to the end and stays there. */
  toEnd(): void
  /** Puts an element at the top and stays until the reader moves. */
  toTop(element: HTMLElement): void
}

const TWO_ROWS_PX = 48

/**
 * Keeps the end of a growing text in view for a reader who is there, and never moves the page for one who is not.
 * `content` ends where the text ends; the scroller may be longer, to let a new prompt stand at its top.
 */
export function followEnd(alive: AbortSignal, scroller: HTMLElement, content: () => Element | null): EndFollower {
  const hasLatest = signal(false)
  let isFollowing = true
  /** Where we last scrolled to ourselves: a scroll event at this place is not the reader's. */
  let ownTop = -1
  const below = (): number => {
    const end = content()
    if (end === null) return 0
    return end.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom
  }
  const scrollBy = (distance: number): void => {
    scroller.scrollTop += distance
    ownTop = scroller.scrollTop
  }
  const update = (): void => {
    hasLatest.value = below() > TWO_ROWS_PX
  }
  scroller.addEventListener(
    'scroll',
    () => {
      if (Math.abs(scroller.scrollTop - ownTop) > 1) isFollowing = below() <= TWO_ROWS_PX
      ownTop = -1
      update()
    },
    { signal: alive, passive: true },
  )
  const contentChanged = (): void => {
    const distance = below()
    if (isFollowing && distance > 0) scrollBy(distance)
    update()
  }
  const watcher = new ResizeObserver(contentChanged)
  watcher.observe(scroller)
  alive.addEventListener('abort', () => watcher.disconnect(), { once: true })
  return {
    hasLatest,
    contentChanged,
    toEnd() {
      isFollowing = true
      scrollBy(below())
      update()
    },
    toTop(element) {
      isFollowing = false
      scrollBy(element.getBoundingClientRect().top - scroller.getBoundingClientRect().top)
      update()
    },
  }
}
