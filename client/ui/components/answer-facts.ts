import { formatAnswerCost, formatNanousd } from '#shared/money.ts'
import type { Message } from '#shared/records.ts'
import { formatCount, formatDuration, formatTokens, shortModel } from '../format.ts'
import type { Fact } from './facts.ts'

/** The fields of an answer's status line: model, tokens in→out, cost, time. What is not known is left out. */
export function metaFields(answer: Message): readonly string[] {
  const fields = [shortModel(answer.model)]
  const input = tokensRead(answer)
  if (input !== null && answer.tokens_output !== null && input + tokensWritten(answer) > 0)
    fields.push(`${formatTokens(input)}→${formatTokens(tokensWritten(answer))}`)
  if (answer.status === 'cancelled') fields.push('stopped')
  if (answer.price_state !== null || answer.cost_nanousd !== null)
    fields.push(formatAnswerCost(answer.cost_nanousd, answer.price_state))
  return fields
}

/** From asking to the last piece, in milliseconds; null while unknown. */
export function answerDurationMs(answer: Message): number | null {
  return answer.finished_at === null ? null : answer.finished_at - answer.created_at
}

/** Everything that is known of an answer, for its opened status line. */
export function answerFacts(answer: Message): readonly Fact[] {
  const facts: Fact[] = [{ name: 'model', value: answer.model ?? 'unknown' }]
  const tokens = (name: string, count: number | null): void => {
    if (count !== null && count > 0) facts.push({ name, value: `${formatCount(count)} tok` })
  }
  tokens('read', answer.tokens_input)
  tokens('read from cache', answer.tokens_cache_read)
  tokens('written to cache', answer.tokens_cache_write)
  tokens('reasoning', answer.tokens_reasoning)
  tokens('written', answer.tokens_output)
  if (answer.cost_nanousd !== null) facts.push({ name: 'cost', value: formatNanousd(answer.cost_nanousd) })
  if (answer.first_token_at !== null)
    facts.push({ name: 'first token', value: formatDuration(answer.first_token_at - answer.created_at) })
  const durationMs = answerDurationMs(answer)
  if (durationMs !== null) facts.push({ name: 'in all', value: formatDuration(durationMs) })
  const rate = tokensPerSecond(answer)
  if (rate !== null) facts.push({ name: 'speed', value: `${rate} tok/s` })
  return facts
}

/** True for an answer that ended before it was complete. */
export function isCutShort(answer: Message | null): boolean {
  if (answer === null || answer.content === '') return false
  const isBroken = answer.status === 'interrupted' || answer.status === 'cancelled' || answer.status === 'error'
  return isBroken || answer.finish_reason === 'length'
}

/** All tokens the model read, cached or not; null where no count is known. */
export function tokensRead(answer: Message): number | null {
  if (answer.tokens_input === null) return null
  return answer.tokens_input + (answer.tokens_cache_read ?? 0) + (answer.tokens_cache_write ?? 0)
}

/** All tokens the model wrote, reasoning included. */
export function tokensWritten(answer: Message): number {
  return (answer.tokens_output ?? 0) + (answer.tokens_reasoning ?? 0)
}

function tokensPerSecond(answer: Message): number | null {
  if (answer.first_token_at === null || answer.finished_at === null || answer.tokens_output === null) return null
  const seconds = (answer.finished_at - answer.first_token_at) / 1_000
  return seconds < 0.05 ? null : Math.round(tokensWritten(answer) / seconds)
}
