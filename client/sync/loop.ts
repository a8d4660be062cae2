import type { RandomBytes, Scheduler } from '#shared/clock.ts'

/** What follows on one step of a loop. */
export type StepEnd =
  | { readonly next: 'step' }
  /** Nothing, until there is something to do. */
  | { readonly next: 'rest' }
  /** Another try, later each time. */
  | { readonly next: 'retry'; readonly atLeastMs: number }
  /** Nothing, until the page wakes or starts anew: trying again by itself would change nothing. */
  | { readonly next: 'block' }

export interface Loop {
  /** Takes a step soon, unless a failure is being waited out. */
  trigger(delayMs: number): void
  /** Takes a step now, whatever happened before. */
  wake(): void
  /** Takes no further step; one that is under way ends by itself. */
  stop(): void
}

const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 60_000

/** Runs `step` whenever it is wanted, never twice at a time. `step` turns its failures into an end and does not throw. */
export function createLoop(options: {
  readonly step: () => Promise<StepEnd>
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
}): Loop {
  const { step, scheduler, randomBytes } = options
  let state: 'open' | 'waiting-out' | 'blocked' | 'stopped' = 'open'
  let isRunning = false
  let wantedMs: number | null = null
  let timer: { readonly delayMs: number; readonly cancel: () => void } | null = null
  let failures = 0

  function schedule(delayMs: number): void {
    if (timer !== null && timer.delayMs <= delayMs) return
    timer?.cancel()
    timer = { delayMs, cancel: scheduler.after(delayMs, () => void run()) }
  }

  async function run(): Promise<void> {
    timer = null
    isRunning = true
    wantedMs = null
    if (state === 'waiting-out') state = 'open'
    const end = await step()
    isRunning = false
    if (state === 'stopped') return
    follow(end)
  }

  function follow(end: StepEnd): void {
    if (end.next === 'step' || end.next === 'rest') failures = 0
    // Somebody woke this loop while the step failed: what failed may work now.
    const delayMs = wantedMs === 0 && end.next !== 'rest' ? 0 : delayAfter(end)
    if (delayMs !== null) schedule(delayMs)
  }

  function delayAfter(end: StepEnd): number | null {
    switch (end.next) {
      case 'step':
        return 0
      case 'rest':
        return wantedMs
      case 'retry':
        state = 'waiting-out'
        return Math.max(end.atLeastMs, retryMs(failures++, randomBytes))
      case 'block':
        state = 'blocked'
        return null
      default:
        return end satisfies never
    }
  }

  return {
    trigger: delayMs => {
      if (state !== 'open') return
      if (isRunning) wantedMs = Math.min(wantedMs ?? delayMs, delayMs)
      else schedule(delayMs)
    },
    wake: () => {
      if (state === 'stopped') return
      state = 'open'
      failures = 0
      if (isRunning) wantedMs = 0
      else schedule(0)
    },
    stop: () => {
      state = 'stopped'
      timer?.cancel()
      timer = null
    },
  }
}

/** Doubles from one second to a minute, each half to one and a half of it, so that devices do not come back all at once. */
export function retryMs(failures: number, randomBytes: RandomBytes): number {
  const chance = (randomBytes(1)[0] ?? 0) / 256
  return Math.round(Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS) * (0.5 + chance))
}
