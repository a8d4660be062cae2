import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { type Budget, type BudgetStanding, judgeBudget } from '#shared/budget.ts'
import type { DeviceState, ListedConversation, Spending } from '../device/device.ts'
import { dayOf, dayStartMs, monthStartMs } from '../platform/day.ts'
import { lastKnown } from '../signals/last-known.ts'
import { switched } from '../signals/switched.ts'
import type { SharedSettings } from './shared-settings.ts'

export interface UsageStore {
  /** Nano-dollars by local day, for the days that the list shows. */
  readonly costByDay: ReadonlySignal<ReadonlyMap<string, number>>
  /** Nano-dollars since this device's midnight, null until known. */
  readonly today: ReadonlySignal<number | null>
  readonly month: ReadonlySignal<number | null>
  readonly budget: ReadonlySignal<Budget | null>
  /** The limit that is near or reached, by what this device knows; null while all have room. */
  readonly standing: ReadonlySignal<BudgetStanding | null>
}

type Sources = {
  readonly device: ReadonlySignal<DeviceState>
  readonly list: ReadonlySignal<readonly ListedConversation[]>
  readonly nowMs: ReadonlySignal<number>
  readonly settings: SharedSettings
}

const NOTHING: ReadonlySignal<null> = signal(null)

/** What was spent, by the copy of the ledger on this device. */
export function createUsageStore(alive: AbortSignal, { device, list, nowMs, settings }: Sources): UsageStore {
  const monthStart = computed(() => monthStartMs(nowMs.value))
  const from = computed(() => {
    const oldest = list.value.at(-1)?.updated_at ?? monthStart.value
    return Math.min(monthStart.value, dayStartMs(oldest))
  })
  const source = computed(() => ({ device: device.value, from: from.value }))
  const read = switched<typeof source.value, readonly Spending[] | null>(alive, source, (life, asked) =>
    asked.device.state === 'open' ? asked.device.device.spending(life, asked.from) : NOTHING,
  )
  const calls = lastKnown(alive, read)
  const since = (startMs: number): number | null =>
    calls.value === null ? null : sumOf(calls.value.filter(({ timestamp }) => timestamp >= startMs))
  const today = computed(() => since(dayStartMs(nowMs.value)))
  const month = computed(() => since(monthStart.value))
  const budget = computed(() => settings.value.budget)
  return {
    costByDay: computed(() => {
      const days = Map.groupBy(calls.value ?? [], ({ timestamp }) => dayOf(timestamp))
      return new Map([...days].map(([day, spent]) => [day, sumOf(spent)]))
    }),
    today,
    month,
    budget,
    standing: computed(() => judgeBudget(budget.value, { day: today.value ?? 0, month: month.value ?? 0 })),
  }
}

function sumOf(calls: readonly Spending[]): number {
  return calls.reduce((sum, { costNanousd }) => sum + (costNanousd ?? 0), 0)
}
