import type { Model } from '#shared/models.ts'
import { estimateNanousd, formatEstimate, formatTotal } from '#shared/money.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import type { Link } from '../../stores/connection-store.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { tokensRead, tokensWritten } from '../components/answer-facts.ts'
import { formatTokens } from '../format.ts'

export type RuleWords = { readonly words: string; readonly tone: '' | 'warn' | 'bright' }

export type RuleState = {
  readonly isEditing: boolean
  readonly isAnswering: boolean
  readonly link: Link
}

/** What is going on, for the left end of the composer's rule. */
export function statusWords(state: RuleState): RuleWords {
  if (state.isEditing) return { words: 'edit: makes a branch', tone: 'bright' }
  if (state.link.state === 'offline') return { words: 'offline: will queue', tone: 'warn' }
  if (isDown(state.link)) return { words: 'pi silent: will queue', tone: 'warn' }
  return { words: state.isAnswering ? 'esc stops' : '', tone: '' }
}

/** True where a prompt would wait on this device until the server answers. */
export function isDown(link: Link): boolean {
  return link.state === 'offline' || link.state === 'silent' || link.state === 'broken' || link.state === 'log-in'
}

/** What sending would cost, or today's sum while nothing is written. */
export function moneyWords(
  text: string,
  turns: readonly Turn[],
  model: Model | null,
  todayNanousd: number | null,
): string {
  if (text.trim() === '') return todayNanousd === null ? '' : `${formatTotal(todayNanousd)} today`
  const tokens = contextTokens(turns) + estimateTokens(text)
  const price = model?.price ?? null
  const cost = formatEstimate(price === null ? null : estimateNanousd(tokens, price.input))
  return `≈ ${formatTokens(tokens)} tok · ${cost.replace(/^≈ /, '')}`
}

/** What a prompt carries along: all that the last counted answer read and wrote, and what came after it. */
function contextTokens(turns: readonly Turn[]): number {
  let tokens = 0
  for (const { question, answer } of turns) {
    const read = answer === null ? null : tokensRead(answer)
    if (answer !== null && read !== null) tokens = read + tokensWritten(answer)
    else tokens += estimateTokens(question.content) + estimateTokens(answer?.content ?? '')
  }
  return tokens
}
