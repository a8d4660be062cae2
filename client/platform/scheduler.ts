import type { Scheduler } from '#shared/clock.ts'

/** The timers of a page or a worker. */
export const pageScheduler: Scheduler = {
  after(delayMs, work) {
    const handle = setTimeout(work, delayMs)
    return () => clearTimeout(handle)
  },
}

/** Runs work before the next paint; returns a way to take it back. */
export function requestFrame(work: () => void): () => void {
  const handle = window.requestAnimationFrame(work)
  return () => window.cancelAnimationFrame(handle)
}

/** Runs work when the page has nothing better to do. */
export function whenIdle(work: () => void): void {
  const ask: typeof window.requestIdleCallback | undefined = Reflect.get(window, 'requestIdleCallback')
  if (ask === undefined) window.setTimeout(work, 50)
  else ask(work)
}

/** Resolves once the page has been painted. */
export function pagePainted(): Promise<void> {
  return new Promise(resolve => afterPaint(resolve))
}

/** Runs work once the page has been painted. */
export function afterPaint(work: () => void): void {
  // A page in the background paints nothing, and asks for no frame.
  if (document.visibilityState === 'hidden') window.setTimeout(work)
  else window.requestAnimationFrame(() => window.setTimeout(work))
}
