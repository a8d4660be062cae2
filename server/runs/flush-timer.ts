import type { Scheduler } from '#shared/clock.ts'

/** Flushes whatever asked for it, together, a moment later: one timer for all runs. */
export interface FlushTimer {
  flushSoon(target: { flush(): void }): void
}

const DELAY_MS = 16

export function createFlushTimer(scheduler: Scheduler): FlushTimer {
  const waiting = new Set<{ flush(): void }>()
  return {
    flushSoon: target => {
      if (waiting.size === 0) {
        scheduler.after(DELAY_MS, () => {
          const targets = [...waiting]
          waiting.clear()
          for (const each of targets) each.flush()
        })
      }
      waiting.add(target)
    },
  }
}
