import type { Scheduler } from '#shared/clock.ts'

/** A scheduler whose time passes only when the test says so. */
export function createManualScheduler(): {
  readonly scheduler: Scheduler
  pass(ms: number): void
  readonly waiting: () => number
} {
  let now = 0
  let timers: { readonly at: number; readonly work: () => void }[] = []
  return {
    scheduler: {
      after: (delayMs, work) => {
        const timer = { at: now + delayMs, work }
        timers.push(timer)
        return () => {
          timers = timers.filter(other => other !== timer)
        }
      },
    },
    pass: ms => {
      const end = now + ms
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)
        if (next === undefined) break
        now = next.at
        timers = timers.filter(other => other !== next)
        next.work()
      }
      now = end
    },
    waiting: () => timers.length,
  }
}

/** Lets everything that waits for nothing but promises happen. */
export function settle(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve))
}
