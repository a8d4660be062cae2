import '../../styles/usage.css'
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { judgeBudget } from '#shared/budget.ts'
import { NO_USAGE } from '#shared/usage-sums.ts'
import type { App } from '../../app.ts'
import { downloadText } from '../../platform/download.ts'
import { watch } from '../../signals/watch.ts'
import { tokensOf } from '../../usage/day-bars.ts'
import { paceOf } from '../../usage/pace.ts'
import { usageCsv } from '../../usage/usage-csv.ts'
import { factList } from '../components/facts.ts'
import { loadWords } from '../components/load-words.ts'
import { pageSection } from '../components/page-section.ts'
import { skeletonRows } from '../components/skeleton.ts'
import { budgetFigure } from '../components/usage/budget-figure.ts'
import { type Chart, chartSection } from '../components/usage/chart-section.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { formatClock, formatMonth, formatShortDay, formatTokens } from '../format.ts'
import { pageFrame } from './page-frame.ts'
import { chatCharted, dayCharted, deviceCharted, modelCharted } from './usage/usage-charts.ts'
import { limitFacts, tokenFacts } from './usage/usage-facts.ts'
import { createUsageModel, type MonthView, type UsageModel } from './usage/usage-model.ts'
import { handleUsageKeys, monthPicker } from './usage/usage-picker.ts'

/** Usage: what a month cost, by day, model, chat and device, from this device's copy of the ledger. `/usage/<month>` names it. */
export function usagePage(alive: AbortSignal, app: App): HTMLElement {
  const model = createUsageModel(alive, app)
  const isTable = signal(false)
  const exportMonth = (): void => exportCsv(model)
  const body = el('div', { class: 'usage' }, stateLine(alive, app, model))
  watch(
    alive,
    computed(() => model.view.value !== null),
    isRead => {
      if (isRead) body.append(...sections(alive, app, { model, isTable, exportMonth }))
    },
  )
  handleUsageKeys(alive, app, { model, isTable, exportMonth })
  const frame = {
    title: 'usage',
    summary: signal('prices from the providers, counted on the pi'),
    action: monthPicker(alive, app, model),
    index: null,
  }
  return pageFrame(alive, app, frame, body)
}

type Parts = { readonly model: UsageModel; readonly isTable: Signal<boolean>; readonly exportMonth: () => void }

/** What stands in the place of figures that are not here, or are not whole. */
function stateLine(alive: AbortSignal, app: App, { view }: UsageModel): HTMLElement {
  const words = el('p', { class: 'dim', role: 'status' })
  const text = computed(() => {
    const load = app.conversations.load.value
    if (load.state === 'closed' || load.state === 'failed') return loadWords(load, 'These figures')
    if (!app.conversations.isAllHere.value) return 'Still being copied to this device: these figures grow.'
    const { state } = app.connection.link.value
    const syncedAt = app.sync.status.value?.lastSyncedAt ?? null
    const isAway = state === 'offline' || state === 'silent' || state === 'broken'
    return isAway ? `As this device knew it${syncedAt === null ? '' : ` at ${formatClock(syncedAt)}`}.` : ''
  })
  bindText(alive, words, text)
  const skeleton = skeletonRows(3)
  bindShown(
    alive,
    skeleton,
    computed(() => view.value === null && app.device.value.state !== 'closed'),
  )
  const box = el('div', { class: 'pad' }, words, skeleton)
  bindShown(
    alive,
    box,
    computed(() => text.value !== '' || view.value === null),
  )
  return box
}

function sections(alive: AbortSignal, app: App, { model, isTable, exportMonth }: Parts): readonly HTMLElement[] {
  const chart = (of: (view: MonthView) => Chart): ReadonlySignal<Chart> =>
    computed(() => (model.view.value === null ? NO_CHART : of(model.view.value)))
  const part = (id: string, title: string, of: (view: MonthView) => Chart): HTMLElement =>
    chartSection(alive, { id, title, chart: chart(of), isTable })
  return [
    budgetSection(alive, app, model),
    part('by-day', 'by day', dayCharted),
    el(
      'div',
      { class: 'usage-cols' },
      part('by-model', 'by model', modelCharted),
      part('by-chat', 'by chat', view => chatCharted(view, model.titles.value)),
      part('by-device', 'by device', view => deviceCharted(view, model.deviceOf.value)),
      tokensSection(alive, model),
      limitsSection(alive, app),
      exportSection(alive, model, exportMonth),
    ),
  ]
}

const NO_CHART: Chart = { sentence: '', picture: () => null, table: { columns: [], rows: [] } }

function budgetSection(alive: AbortSignal, app: App, { view }: UsageModel): HTMLElement {
  const end = el('span', { class: 'num' })
  const figure = el('div')
  watch(
    alive,
    computed(() => ({ view: view.value, budget: app.usage.budget.value, nowMs: app.nowMs.value })),
    ({ view: now, budget, nowMs }) => {
      if (now === null) return
      const { cost_nanousd: spent, unpriced_requests: unpriced } = now.summary.total
      const pace = paceOf(spent, now.period, nowMs)
      const month = budget?.month ?? null
      const standing = budget === null ? null : judgeBudget({ ...budget, day: NO_LIMITS }, { day: 0, month: spent })
      end.textContent = now.isCurrent ? daysLeftWords(pace.daysLeft) : formatMonth(now.month, nowMs)
      figure.replaceChildren(
        budgetFigure({
          spentNanousd: spent,
          unpriced: unpricedWords(unpriced),
          limitNanousd: month?.stop_nanousd ?? month?.warn_nanousd ?? null,
          level: standing?.level ?? null,
          pace,
          lastDay: formatShortDay(now.period.toMs - 1),
        }),
      )
    },
  )
  return pageSection({ id: 'budget', title: 'budget', end }, figure)
}

const NO_LIMITS = { warn_nanousd: null, stop_nanousd: null }

function daysLeftWords(days: number): string {
  return days === 0 ? 'last day' : `${days} ${days === 1 ? 'day' : 'days'} left`
}

function unpricedWords(count: number): string {
  if (count === 0) return ''
  return count === 1
    ? 'One call of unknown price is not in this sum.'
    : `${count} calls of unknown price are not in this sum.`
}

function tokensSection(alive: AbortSignal, { view }: UsageModel): HTMLElement {
  const end = el('span', { class: 'num' })
  bindText(
    alive,
    end,
    computed(() => formatTokens(tokensOf(view.value?.summary.total ?? NO_USAGE))),
  )
  const facts = factList(
    alive,
    computed(() => (view.value === null ? [] : tokenFacts(view.value))),
  )
  return pageSection({ id: 'tokens', title: 'tokens', end }, el('div', { class: 'pad' }, facts))
}

function limitsSection(alive: AbortSignal, app: App): HTMLElement {
  const facts = factList(
    alive,
    computed(() => limitFacts(app.usage.budget.value)),
  )
  const change = el('a', { class: 'key brk', href: '/setup/limits', 'data-route': true }, 'change limits')
  return pageSection(
    { id: 'limits', title: 'limits' },
    el('div', { class: 'pad' }, facts, el('div', { class: 'page-keys' }, change)),
  )
}

function exportSection(alive: AbortSignal, { view }: UsageModel, exportMonth: () => void): HTMLElement {
  const key = el('button', { type: 'button', class: 'key brk' }, 'export csv')
  on(alive, key, 'click', exportMonth)
  const words = el('p', { class: 'dim' })
  bindText(
    alive,
    words,
    computed(() => {
      const count = view.value?.calls.length ?? 0
      return `Every call of the month as a line, with tokens and exact nano-dollars: ${count} ${count === 1 ? 'line' : 'lines'}.`
    }),
  )
  return pageSection(
    { id: 'export', title: 'export' },
    el('div', { class: 'pad' }, words, el('div', { class: 'page-keys' }, key)),
  )
}

function exportCsv({ view, titles, deviceOf }: UsageModel): void {
  const shown = view.peek()
  if (shown === null) return
  const names = { titleOf: (id: string) => titles.peek().get(id) ?? '', deviceOf: deviceOf.peek() }
  downloadText(`llm-router-usage-${shown.month}.csv`, usageCsv(shown.calls, names), 'text/csv')
}
