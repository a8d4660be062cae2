import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { BudgetStanding, Limits } from '#shared/budget.ts'
import { formatTotal } from '#shared/money.ts'
import type { App } from '../../app.ts'
import type { Fact } from '../components/facts.ts'
import { linkWords } from '../components/link-words.ts'
import type { MonthCash } from '../components/month-cash.ts'
import type { SessionValues } from '../components/session-facts.ts'
import type { SyncView } from '../components/sync-words.ts'
import { formatWhen, shortModel } from '../format.ts'

/** What the session pane shows of the chat on the screen. */
export function sessionValues(app: App): ReadonlySignal<SessionValues> {
  return computed(() => ({
    modelId: app.chat.modelId.value,
    model: app.chat.model.value,
    messages: app.chat.turns.value.flatMap(turn =>
      turn.answer === null ? [turn.question] : [turn.question, turn.answer],
    ),
    costNanousd: app.chat.costNanousd.value,
    todayNanousd: app.usage.today.value,
    monthNanousd: app.usage.month.value,
  }))
}

/** The line under the title on a wide screen: `3 branches · 4 prompts · started 14:02`. */
export function chatSummary(app: App): string {
  const conversation = app.chat.conversation.value
  if (conversation === null) return shortModel(app.chat.modelId.value)
  const turns = app.chat.turns.value
  const branches = 1 + turns.reduce((sum, turn) => sum + turn.variants.length - 1, 0)
  const words = [
    ...(branches > 1 ? [`${branches} branches`] : []),
    turns.length === 1 ? '1 prompt' : `${turns.length} prompts`,
    `started ${formatWhen(conversation.created_at, app.nowMs.value)}`,
  ]
  return words.join(' · ')
}

/** What the connection line's second field tells of. */
export function syncView(app: App): SyncView {
  const waiting = app.sync.outbox.value.filter(({ state }) => state === 'waiting' || state === 'sending')
  return {
    status: app.sync.status.value,
    storage: app.sync.storage.value,
    isAllHere: app.conversations.isAllHere.value,
    late: app.sync.late.value,
    mostLate: app.sync.mostLate.value,
    queuedPrompts: waiting.length,
  }
}

/** The money field where it is not a chat's: what today cost, in the tone of the limit that is near. */
export function todayMoney(app: App) {
  const { today, standing } = app.usage
  return {
    money: computed(() => (today.value === null ? '' : `${formatTotal(today.value)} today`)),
    moneyTone: computed(() => toneOf(standing.value)),
  }
}

/** What today cost, of the day's limit where it has one. */
export function dayWords({ usage }: App): string {
  const spent = usage.today.value
  const limit = limitOf(usage.budget.value?.day)
  if (spent === null) return ''
  return `${formatTotal(spent)}${limit === null ? '' : ` of ${formatTotal(limit)}`} today`
}

/** What this month cost of its limit; null without one. */
export function monthCashOf({ usage }: App): ReadonlySignal<MonthCash | null> {
  return computed(() => {
    const spentNanousd = usage.month.value
    const limitNanousd = limitOf(usage.budget.value?.month)
    const standing = usage.standing.value
    if (spentNanousd === null || limitNanousd === null) return null
    return { spentNanousd, limitNanousd, level: standing?.period === 'month' ? standing.level : null }
  })
}

function limitOf(limits: Limits | undefined): number | null {
  return limits?.stop_nanousd ?? limits?.warn_nanousd ?? null
}

function toneOf(standing: BudgetStanding | null): 'warn' | 'err' | null {
  if (standing === null) return null
  return standing.level === 'stop' ? 'err' : 'warn'
}

/** What a new chat shows: who is there, which keys are set, who answers. */
export function firstFacts(app: App): ReadonlySignal<readonly Fact[]> {
  return computed(() => {
    const link = linkWords(app.connection.link.value, app.nowMs.value)
    const isUp = link.net === 'ok' || app.connection.link.value.state === 'slow'
    const here: Fact = {
      name: window.location.hostname,
      value: isUp ? `✓ ${link.detail}` : link.words,
      tone: isUp ? 'ok' : 'warn',
    }
    const providers = Object.entries(app.models.health.value?.providers ?? {})
    const configured = providers
      .filter(([name, state]) => state !== 'missing' && name !== 'manual')
      .map(([name]) => name)
    if (app.models.load.value.state === 'loading') return [here]
    const keys: Fact =
      configured.length === 0
        ? { name: 'keys in .env', value: 'none yet', tone: 'warn' }
        : { name: 'providers', value: configured.join(', ') }
    const model: Fact = { name: 'answering now', value: shortModel(app.chat.modelId.value) }
    return [here, keys, { name: 'models', value: String(app.models.models.value.length) }, model]
  })
}
