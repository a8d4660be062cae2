import type { AppError } from '#shared/errors.ts'
import type { Message } from '#shared/records.ts'
import type { StoredRun } from '../database/schema.ts'
import type { Provider } from '../providers/provider.ts'
import type { LiveRun } from './live-run.ts'
import type { RunRecords } from './run-records.ts'

/** Why we end a run ourselves. */
export type StopReason = 'cancelled' | 'interrupted'

/** A run on its way: its row, its live text, and the ways to stop it and to hear of it. */
export type ActiveRun = {
  readonly row: StoredRun
  readonly provider: Provider
  readonly live: LiveRun
  readonly records: RunRecords
  readonly abort: AbortController
  /** The message this prompt answers to; while it is still being written, the run waits. */
  readonly followsMessageId: string | null
  /** Set before `abort` is called. */
  stopReason: StopReason
  /** Resolves when the provider takes the call (null), or with the error the run ended in before that. */
  readonly accepted: Promise<AppError | null>
  readonly settleAccepted: (error: AppError | null) => void
  /** Resolves when the end stands in the database. */
  readonly ended: Promise<Message>
  readonly settleEnded: (message: Message) => void
}

/** A run before its first step. */
export function createActiveRun(
  parts: Pick<ActiveRun, 'row' | 'provider' | 'live' | 'records' | 'followsMessageId'>,
): ActiveRun {
  const accepted = Promise.withResolvers<AppError | null>()
  const ended = Promise.withResolvers<Message>()
  return {
    ...parts,
    abort: new AbortController(),
    stopReason: 'interrupted',
    accepted: accepted.promise,
    settleAccepted: accepted.resolve,
    ended: ended.promise,
    settleEnded: ended.resolve,
  }
}
