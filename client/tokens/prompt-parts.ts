import type { Message } from '#shared/records.ts'
import type { Turn } from '../stores/message-tree.ts'

/** What a prompt carries along: tokens that a provider has counted, and texts that nobody has yet. */
export type PromptParts = {
  readonly countedTokens: number
  /** The model that counted them; null for none. */
  readonly countedBy: string | null
  readonly texts: readonly string[]
}

/** All that the last counted answer on the way read and wrote, and each text that came after it. */
export function promptParts(turns: readonly Turn[], systemPrompt: string | null): PromptParts {
  let parts: PromptParts = { countedTokens: 0, countedBy: null, texts: systemPrompt === null ? [] : [systemPrompt] }
  for (const { question, answer } of turns) {
    const counted = answer === null ? null : countedTokens(answer)
    if (counted !== null) parts = { countedTokens: counted, countedBy: answer?.model ?? null, texts: [] }
    else {
      const texts = [question.content, answer?.content ?? ''].filter(text => text !== '')
      parts = { ...parts, texts: [...parts.texts, ...texts] }
    }
  }
  return parts
}

/** What the next prompt sends again of an answer: all it read, and what it wrote without its reasoning. */
function countedTokens(answer: Message): number | null {
  if (answer.tokens_input === null || answer.tokens_output === null) return null
  const read = answer.tokens_input + (answer.tokens_cache_read ?? 0) + (answer.tokens_cache_write ?? 0)
  // A server that counts nothing says zero.
  return read === 0 ? null : read + answer.tokens_output
}
