import type { RandomBytes } from '#shared/clock.ts'
import type { AppError } from '#shared/errors.ts'
import type { CallOutcome } from './call-provider.ts'

const MOST_TRIES = 3
/** An adapter learns one thing from each such refusal; this bounds a server that refuses everything. */
const MOST_LESSONS = 5
const LONGEST_WAIT_MS = 15_000
const WAITABLE = new Set(['rate-limited', 'provider-overloaded', 'provider-unreachable'])
const LEARNABLE = new Set(['parameter-unsupported', 'endpoint-missing'])

/** True for a refusal from which the adapter has learnt what to leave out next time. */
export function isLesson(error: AppError): boolean {
  return LEARNABLE.has(error.code)
}

/** Milliseconds until the next try, or null when there is none: only a call that was surely not begun is made again. */
export function retryDelayMs(
  outcome: CallOutcome,
  so: { readonly tries: number; readonly lessons: number; readonly randomBytes: RandomBytes },
): number | null {
  const { error, call } = outcome
  if (!error?.retryable || call.isAccepted) return null
  if (isLesson(error)) return so.lessons < MOST_LESSONS ? 0 : null
  if (!WAITABLE.has(error.code) || so.tries >= MOST_TRIES) return null
  const jitter = 0.75 + (so.randomBytes(1)[0] ?? 0) / 1024
  const delayMs = error.retryAfterMs ?? 500 * 2 ** (so.tries - 1) * jitter
  return delayMs <= LONGEST_WAIT_MS ? delayMs : null
}
