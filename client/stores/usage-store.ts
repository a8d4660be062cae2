import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Clock } from '#shared/clock.ts'
import type { Endpoints } from '../api/endpoints.ts'
import type { UsageSummary } from '../api/parse.ts'
import { dayOf } from '../platform/day.ts'

export interface UsageStore {
  /** Null until the server has told. */
  readonly summary: ReadonlySignal<UsageSummary | null>
  /** Nano-dollars of today, null until known. */
  readonly today: ReadonlySignal<number | null>
  refresh(): Promise<void>
}

/** What was spent, as the server's ledger has it. */
export function createUsageStore(endpoints: Endpoints, clock: Clock): UsageStore {
  const summary = signal<UsageSummary | null>(null)
  return {
    summary,
    today: computed(() => {
      const known = summary.value
      return known === null ? null : (known.costByDay.get(dayOf(clock.now())) ?? 0)
    }),
    async refresh() {
      const outcome = await endpoints.usage()
      // A failed call already shows in the connection line; the last known sums stay meanwhile.
      if (outcome.ok) summary.value = outcome.value
    },
  }
}
