import type { Scheduler } from '#shared/clock.ts'
import { NO_TOKENS } from '#shared/records.ts'
import type { Provider, ProviderEvent } from '../../server/providers/provider.ts'

/** What the provider would put on its bill: every call it ever took, whatever became of the asker. */
export type ProviderBill = {
  /** `<run>.<attempt>` → how often it was called. */
  readonly calls: Map<string, number>
  /** Calls that were answered to the end, with the output tokens they are billed for. */
  readonly finished: Map<string, number>
}

const WORDS = ['one ', 'word ', 'after ', 'another.']
const PIECE_MS = 120

/** A provider that says which call it answers, then four words, and counts how often it is asked. */
export function createFakeProvider(bill: ProviderBill, scheduler: Scheduler): Provider {
  return {
    id: 'fake',
    name: 'Fake',
    prices: { kind: 'free' },
    listModels: () => Promise.resolve([]),
    async *stream(request, signal): AsyncGenerator<readonly ProviderEvent[]> {
      const key = request.idempotencyKey
      bill.calls.set(key, (bill.calls.get(key) ?? 0) + 1)
      yield [{ type: 'accepted', requestId: key }]
      for (const text of [`${key}: `, ...WORDS]) {
        await pause(scheduler, PIECE_MS, signal)
        if (signal.aborted) return
        yield [{ type: 'text', text }]
      }
      bill.finished.set(key, WORDS.length)
      const tokens = { ...NO_TOKENS, input: 1, output: WORDS.length }
      yield [
        { type: 'usage', usage: { tokens, raw: null, serviceTier: null, reportedPicousd: null } },
        { type: 'finish', reason: 'stop' },
      ]
    },
  }
}

function pause(scheduler: Scheduler, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const cancel = scheduler.after(delayMs, resolve)
    const stop = (): void => {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
