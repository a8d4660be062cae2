import type { Clock } from '#shared/clock.ts'

/** The device's own clock. */
export const systemClock: Clock = { now: () => Date.now() }
