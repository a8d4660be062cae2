import type { Scheduler } from '#shared/clock.ts'

/** Real time. */
export const systemScheduler: Scheduler = {
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs).unref()
    return () => clearTimeout(timer)
  },
}
