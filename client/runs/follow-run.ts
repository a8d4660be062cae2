import type { Clock } from '#shared/clock.ts'
import { parseRunEvent, type RunEvent } from '#shared/wire/run-events.ts'
import { type Failure, isUnreachable, type Outcome } from '../api/outcome.ts'
import type { Pause } from '../platform/pause.ts'
import type { Sight } from '../platform/visibility.ts'
import { backoffMs } from './backoff.ts'
import { readEvents } from './read-events.ts'

export type FollowOptions = {
  /** Opens the run's stream; the id names the last event that was seen, null before the first. */
  open(lastEventId: string | null): Promise<Outcome<Response>>
  onEvent(event: RunEvent): void
  onLink(link: 'following' | 'reconnecting'): void
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly random: () => number
  readonly pause: Pause
  readonly sight: Sight
}

export type FollowEnd =
  /** `done` or `error` came; `onEvent` has had it. */
  | { readonly kind: 'ended' }
  /** The server said no; nothing more will come. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** `signal` aborted. The run itself goes on. */
  | { readonly kind: 'left' }

/**
 * Reads a run's events to their end over as many connections as it takes. A run belongs to the server: a lost
 * connection, a sleeping phone or a restarted server only interrupts the reading. A page that nobody can see reads nothing: the
 * server then tells that the answer is ready.
 */
export async function followRun(options: FollowOptions): Promise<FollowEnd> {
  let lastEventId: string | null = null
  let attempt = 0
  const take = (name: string, data: string, id: string): boolean => {
    const event = parseRunEvent(name, data)
    if (id !== '') lastEventId = id
    if (event === null) return false
    options.onEvent(event)
    return event.type === 'done' || event.type === 'error'
  }
  while (!options.signal.aborted) {
    const seen = await options.sight(options.signal)
    if (seen.aborted) continue
    const outcome = await options.open(lastEventId)
    if (outcome.ok) {
      attempt = 0
      options.onLink('following')
      const hasEnded = await readEvents(outcome.value, { ...options, take, signal: seen })
      if (hasEnded) return { kind: 'ended' }
    } else if (!isWorthWaiting(outcome.failure)) {
      return { kind: 'failed', failure: outcome.failure }
    }
    if (options.signal.aborted) break
    options.onLink('reconnecting')
    const end = await options.pause(backoffMs(attempt, options.random), options.signal)
    attempt = end === 'woken' ? 0 : attempt + 1
  }
  return { kind: 'left' }
}

/** A server on its way down or up refuses for a moment; a run that nobody knows is not waited for. */
function isWorthWaiting(failure: Failure): boolean {
  return isUnreachable(failure) || (failure.kind === 'refused' && failure.error.retryable)
}
