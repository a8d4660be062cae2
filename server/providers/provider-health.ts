import type { Clock } from '#shared/clock.ts'
import type { AppError, ErrorCode } from '#shared/errors.ts'
import type { ProviderStanding } from '#shared/wire/providers.ts'

/** How a call of a provider went: with an error, or with the time to its first piece. */
type Answered = { readonly error: AppError | null; readonly firstTokenMs: number | null }

/** What the last calls of each provider showed, for as long as this process lives. */
export interface ProviderHealth {
  /** A prompt was sent. */
  answered(providerId: string, answer: Answered): void
  /** Its models were asked for; null when they came. */
  listed(providerId: string, error: AppError | null): void
  of(providerId: string): Pick<ProviderStanding, 'last_ok_at' | 'first_token_ms' | 'problem'>
}

/** What speaks of the provider; any other error speaks of the prompt, and of a provider that is well enough to refuse it. */
const FAULTS: readonly ErrorCode[] = [
  'provider-key-rejected',
  'quota-exceeded',
  'rate-limited',
  'provider-overloaded',
  'provider-unreachable',
  'provider-timeout',
  'provider-incomplete',
  'provider-failed',
]

/** A server that lists no models may answer well all the same; one that takes no key, or is not there, does not. */
const LIST_FAULTS: readonly ErrorCode[] = ['provider-key-rejected', 'quota-exceeded', 'provider-unreachable']

/** What a list that came disproves. Not a refused key: some servers list their models to everybody. */
const SILENCES: readonly ErrorCode[] = ['provider-unreachable', 'provider-timeout']

type Problem = NonNullable<ProviderStanding['problem']> & { readonly code: ErrorCode }
type Memory = { lastOkAt: number | null; firstTokenMs: number | null; call: Problem | null; list: Problem | null }

/** Forgets everything with the process: the list of models is asked for at each start, and shows a refused key at once. */
export function createProviderHealth({ clock }: { readonly clock: Clock }): ProviderHealth {
  const memories = new Map<string, Memory>()
  function memoryOf(id: string): Memory {
    const known = memories.get(id) ?? { lastOkAt: null, firstTokenMs: null, call: null, list: null }
    memories.set(id, known)
    return known
  }
  function problemAfter(before: Problem | null, { code }: AppError): Problem {
    const now = clock.now()
    return { code, since: before?.code === code ? before.since : now, last_at: now }
  }
  return {
    answered: (id, { error, firstTokenMs }) => {
      const memory = memoryOf(id)
      memory.firstTokenMs = firstTokenMs ?? memory.firstTokenMs
      if (error !== null) {
        if (FAULTS.includes(error.code)) memory.call = problemAfter(memory.call, error)
        return
      }
      memory.lastOkAt = clock.now()
      // A key that answers is good, whatever a list said.
      memory.call = null
      memory.list = null
    },
    listed: (id, error) => {
      const memory = memoryOf(id)
      if (error !== null) {
        if (LIST_FAULTS.includes(error.code)) memory.list = problemAfter(memory.list, error)
        return
      }
      memory.lastOkAt = clock.now()
      memory.list = null
      if (memory.call !== null && SILENCES.includes(memory.call.code)) memory.call = null
    },
    of: id => {
      const { lastOkAt, firstTokenMs, call, list } = memoryOf(id)
      return { last_ok_at: lastOkAt, first_token_ms: firstTokenMs, problem: call ?? list }
    },
  }
}
