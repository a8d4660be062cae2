import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Clock } from '#shared/clock.ts'
import type { Endpoints } from '../api/endpoints.ts'
import type { UsageSummary } from '../api/parse.ts'
import { dayStartMs } from '../platform/day.ts'

export interface UsageStore {
  /** Null until the server has told. */
  readonly summary: ReadonlySignal<UsageSummary | null>
  /** Nano-dollars since this device's midnight, null until known. */
  readonly today: ReadonlySignal<number | null>
  refresh(): Promise<void>
}

/** What was spent, as the server's ledger has it. */
export function createUsageStore(endpoints: Endpoints, clock: Clock): UsageStore {
  const summary = signal<UsageSummary | null>(null)
  const today = signal<number | null>(null)
  return {
    summary,
    today,
    async refresh() {
      const [ever, sinceMidnight] = await Promise.all([endpoints.usage(null), endpoints.usage(dayStartMs(clock.now()))])
      // A failed call already shows in the connection line; the last known sums stay meanwhile.
      if (ever.ok) summary.value = ever.value
      if (sinceMidnight.ok) today.value = sinceMidnight.value.totalNanousd
    },
  }
}
