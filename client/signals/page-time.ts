import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Clock, Scheduler } from '#shared/clock.ts'

const EVERY_MS = 30_000

/** The time, for words like `3m` and `today`. */
export function pageTime(
  alive: AbortSignal,
  { clock, scheduler }: { readonly clock: Clock; readonly scheduler: Scheduler },
): ReadonlySignal<number> {
  const nowMs = signal(clock.now())
  const tick = (): void => {
    if (alive.aborted) return
    nowMs.value = clock.now()
    scheduler.after(EVERY_MS, tick)
  }
  scheduler.after(EVERY_MS, tick)
  return nowMs
}
