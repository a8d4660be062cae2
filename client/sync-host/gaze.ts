import type { Scheduler } from '#shared/clock.ts'

/** Whether somebody can see a tab of this browser, as far as the worker that syncs for all of them can know. */
export interface Gaze {
  isSeen(): boolean
  /** The tab of this worker is seen, or not any more. */
  own(isSeen: boolean): void
  /** Another tab says so of itself. A tab that was closed says nothing, so what it said holds for a while only. */
  other(isSeen: boolean): void
  stop(): void
}

/** Three signs of life of the one that syncs, each of which the others answer while they are seen. */
const HOLDS_MS = 10_000

/** Calls `onChange` whenever the answer to `isSeen` changes. */
export function createGaze(options: {
  readonly scheduler: Scheduler
  readonly onChange: (isSeen: boolean) => void
}): Gaze {
  const { scheduler, onChange } = options
  const seen = { own: false, other: false }
  let stopTimer = (): void => undefined
  const isSeen = (): boolean => seen.own || seen.other

  function change(whose: keyof typeof seen, isSeenNow: boolean): void {
    const before = isSeen()
    seen[whose] = isSeenNow
    if (isSeen() !== before) onChange(isSeen())
  }

  return {
    isSeen,
    own: isSeenNow => change('own', isSeenNow),
    other: isSeenNow => {
      stopTimer()
      change('other', isSeenNow)
      if (isSeenNow) stopTimer = scheduler.after(HOLDS_MS, () => change('other', false))
    },
    stop: () => stopTimer(),
  }
}
