import type { Scheduler } from '#shared/clock.ts'

/** The page's own timers. */
export const pageScheduler: Scheduler = {
  after(delayMs, work) {
    const handle = window.setTimeout(work, delayMs)
    return () => window.clearTimeout(handle)
  },
}

/** Runs work before the next paint; returns a way to take it back. */
export function requestFrame(work: () => void): () => void {
  const handle = window.requestAnimationFrame(work)
  return () => window.cancelAnimationFrame(handle)
}
