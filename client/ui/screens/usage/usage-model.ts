import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import type { Device } from '../../../device/device.ts'
import { dayStartMs } from '../../../platform/day.ts'
import { lastKnown } from '../../../signals/last-known.ts'
import { switched } from '../../../signals/switched.ts'
import { cacheSavings } from '../../../usage/cache-savings.ts'
import { type DayChart, dayChart } from '../../../usage/day-bars.ts'
import { deviceName } from '../../../usage/device-names.ts'
import type { LedgerCall } from '../../../usage/ledger-call.ts'
import {
  createDayNamer,
  daysOf,
  lastDays,
  monthOf,
  monthsBetween,
  type Period,
  parseMonth,
} from '../../../usage/periods.ts'
import { type LedgerSummary, summarizeLedger } from '../../../usage/summarize-ledger.ts'

/** The days that the chart of the current month shows, and those of a spark line. */
const CHART_DAYS = 30
const SPARK_DAYS = 14

/** What the page shows of one month, all of it from this device's copy of the ledger. */
export type MonthView = {
  readonly month: string
  readonly period: Period
  readonly isCurrent: boolean
  /** The month's calls in the order of time. */
  readonly calls: readonly LedgerCall[]
  readonly summary: LedgerSummary
  readonly days: DayChart
  /** Nano-dollars of each of the last days, by conversation. */
  readonly sparks: ReadonlyMap<string, readonly number[]>
  readonly savedNanousd: number
  readonly nowMs: number
}

export type UsageModel = {
  readonly month: ReadonlySignal<string>
  /** The newest first; the current one and the one shown are always among them. */
  readonly months: ReadonlySignal<readonly string[]>
  /** Null until the ledger has been read. */
  readonly view: ReadonlySignal<MonthView | null>
  readonly titles: ReadonlySignal<ReadonlyMap<string, string>>
  readonly deviceOf: ReadonlySignal<(deviceId: string | null) => string>
}

const NOTHING: ReadonlySignal<null> = signal(null)
const NO_TITLES: ReadonlyMap<string, string> = new Map()

export function createUsageModel(alive: AbortSignal, app: App): UsageModel {
  const today = computed(() => dayStartMs(app.nowMs.value))
  const month = computed(() => {
    const route = app.router.route.value
    const part = route.name === 'page' && route.page === 'usage' ? route.part : null
    return part !== null && parseMonth(part) !== null ? part : monthOf(today.value)
  })
  const span = computed(() => spanOf(month.value, today.value))
  const ask = <Value>(read: (device: Device, life: AbortSignal) => ReadonlySignal<Value | null>) =>
    switched(
      alive,
      computed(() => ({ device: app.device.value, span: span.value })),
      (life, { device }) => (device.state === 'open' ? read(device.device, life) : NOTHING),
    )
  const calls = lastKnown(
    alive,
    ask((device, life) => device.ledger(life, span.peek().read)),
  )
  const start = ask((device, life) => device.ledgerStart(life))
  const ownId = ask((device, life) => device.id(life))
  const view = computed(() => (calls.value === null ? null : viewOf(calls.value, span.value, app.nowMs.peek())))
  const ids = computed(() => [...(view.value?.summary.byConversation.keys() ?? [])])
  const titles = lastKnown(
    alive,
    switched(alive, ids, (life, wanted) =>
      app.device.peek().state === 'open' ? titlesOf(app, life, wanted) : NOTHING,
    ),
  )
  return {
    month,
    months: computed(() => {
      const months = monthsBetween(start.value ?? today.value, today.value)
      return months.includes(month.value) ? months : [...months, month.value].sort().reverse()
    }),
    view,
    titles: computed(() => titles.value ?? NO_TITLES),
    deviceOf: computed(() => {
      const known = { settings: app.shared.value.byName, ownId: ownId.value }
      return (deviceId: string | null) => deviceName(deviceId, known)
    }),
  }
}

function titlesOf(app: App, life: AbortSignal, ids: readonly string[]) {
  const opened = app.device.peek()
  return opened.state === 'open' ? opened.device.titles(life, ids) : NOTHING
}

type Span = {
  readonly month: string
  readonly period: Period
  readonly isCurrent: boolean
  /** The days of the chart. */
  readonly shown: Period
  /** What has to be read for both. */
  readonly read: Period
}

function spanOf(month: string, todayMs: number): Span {
  const period = parseMonth(month) ?? lastDays(todayMs, CHART_DAYS)
  const isCurrent = month === monthOf(todayMs)
  const shown = isCurrent ? lastDays(todayMs, CHART_DAYS) : period
  const read = { fromMs: Math.min(period.fromMs, shown.fromMs), toMs: Math.max(period.toMs, shown.toMs) }
  return { month, period, isCurrent, shown, read }
}

function viewOf(read: readonly LedgerCall[], { month, period, isCurrent, shown }: Span, nowMs: number): MonthView {
  const dayNamer = createDayNamer()
  const calls = read.filter(({ timestamp }) => timestamp >= period.fromMs && timestamp < period.toMs)
  const { byDay } = summarizeLedger(read, createDayNamer())
  return {
    month,
    period,
    isCurrent,
    calls,
    summary: summarizeLedger(calls, dayNamer),
    days: dayChart(daysOf(shown), byDay, nowMs),
    sparks: sparksOf(read, daysOf(shown).slice(-SPARK_DAYS)),
    savedNanousd: cacheSavings(calls),
    nowMs,
  }
}

function sparksOf(calls: readonly LedgerCall[], days: readonly number[]): ReadonlyMap<string, readonly number[]> {
  const sparks = new Map<string, number[]>()
  let day = 0
  for (const { timestamp, conversation_id, cost_nanousd } of calls) {
    if (timestamp < (days[0] ?? Number.POSITIVE_INFINITY)) continue
    // Calls come in the order of time, so the day only moves on.
    while (timestamp >= (days[day + 1] ?? Number.POSITIVE_INFINITY)) day++
    const line = sparks.get(conversation_id) ?? days.map(() => 0)
    line[day] = (line[day] ?? 0) + (cost_nanousd ?? 0)
    sparks.set(conversation_id, line)
  }
  return sparks
}
