import type { Model } from '#shared/models.ts'
import { formatTotal } from '#shared/money.ts'
import type { Message } from '#shared/records.ts'
import { formatCount, formatPrice, formatTokens, shortModel } from '../format.ts'
import { tokensRead, tokensWritten } from './answer-facts.ts'
import type { Fact } from './facts.ts'

export type SessionValues = {
  readonly modelId: string | null
  readonly model: Model | null
  readonly messages: readonly Message[]
  readonly costNanousd: number | null
  readonly todayNanousd: number | null
  readonly monthNanousd: number | null
}

/** While nobody looks. */
export const NO_VALUES: SessionValues = {
  modelId: null,
  model: null,
  messages: [],
  costNanousd: null,
  todayNanousd: null,
  monthNanousd: null,
}

/** Which model answers, by whom and at what price. */
export function modelFacts(values: SessionValues): readonly Fact[] {
  const { modelId, model } = values
  const facts: Fact[] = [{ name: 'model', value: shortModel(modelId) }]
  if (modelId !== null) facts.push({ name: 'via', value: modelId.split('/', 1)[0] ?? '' })
  if (model !== null) facts.push({ name: 'price in/out', value: priceWords(model) })
  if (model?.context_window != null) facts.push({ name: 'context', value: `${formatTokens(model.context_window)} tok` })
  return facts
}

/** What this chat used and cost. */
export function costFacts(values: SessionValues): readonly Fact[] {
  const answers = values.messages.filter(message => message.role === 'assistant')
  const sum = (count: (answer: Message) => number): string =>
    `${formatCount(answers.reduce((total, answer) => total + count(answer), 0))} tok`
  const facts: Fact[] = []
  if (answers.length > 0) {
    facts.push({ name: 'in', value: sum(answer => tokensRead(answer) ?? 0) })
    facts.push({ name: 'cached', value: sum(answer => answer.tokens_cache_read ?? 0) })
    facts.push({ name: 'out', value: sum(tokensWritten) })
  }
  if (values.todayNanousd !== null) facts.push({ name: 'today, all chats', value: formatTotal(values.todayNanousd) })
  if (values.monthNanousd !== null) facts.push({ name: 'this month', value: formatTotal(values.monthNanousd) })
  return facts
}

/** A model's price in dollars per million tokens, in and out. */
function priceWords(model: Model): string {
  if (model.price === null) return 'unpriced'
  if (model.price.input === 0 && model.price.output === 0) return 'free'
  return `$${formatPrice(model.price.input)} / $${formatPrice(model.price.output)}`
}
