import type { Scheduler } from '#shared/clock.ts'
import { requestFrame } from '../../platform/scheduler.ts'
import { createFlingMeter, REST_MS } from './fling-meter.ts'

export type FillPaceOptions = {
  readonly scheduler: Scheduler
  readonly viewPx: () => number
  fill(item: Element): void
}

export interface FillPace {
  /** An item has come near. */
  add(item: Element): void
  /** It is far again, or is filled. */
  remove(item: Element): void
}

/** Fills what is near, one item a frame and the nearest first; nothing while the reader flings past it, which would cost him frames for what he does not see. */
export function fillPace(alive: AbortSignal, scroller: HTMLElement, options: FillPaceOptions): FillPace {
  const { scheduler, viewPx, fill } = options
  const near = new Set<Element>()
  const isFast = createFlingMeter()
  let isFlung = false
  let isAsked = false
  let stopWaiting = (): void => undefined
  const step = (): void => {
    isAsked = false
    const item = isFlung || alive.aborted ? null : nearestTo(viewPx() / 2, near)
    if (item === null) return
    near.delete(item)
    fill(item)
    ask()
  }
  const ask = (): void => {
    if (isAsked || isFlung || near.size === 0) return
    isAsked = true
    requestFrame(step)
  }
  const rest = (): void => {
    isFlung = false
    ask()
  }
  scroller.addEventListener(
    'scroll',
    ({ timeStamp }) => {
      if (!isFast({ topPx: scroller.scrollTop, atMs: timeStamp, viewPx: viewPx() })) return
      isFlung = true
      stopWaiting()
      stopWaiting = scheduler.after(REST_MS, rest)
    },
    { signal: alive, passive: true },
  )
  return {
    add(item) {
      near.add(item)
      ask()
    },
    remove: item => void near.delete(item),
  }
}

function nearestTo(middlePx: number, items: ReadonlySet<Element>): Element | null {
  const distanceOf = (item: Element): number => {
    const { top, bottom } = item.getBoundingClientRect()
    return Math.max(0, top - middlePx, middlePx - bottom)
  }
  const byDistance = [...items].map(item => ({ item, distance: distanceOf(item) }))
  return byDistance.toSorted((left, right) => left.distance - right.distance)[0]?.item ?? null
}
