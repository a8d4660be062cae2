import { formatAnswerCost } from '#shared/money.ts'
import type { Message } from '#shared/records.ts'
import { shortModel } from '../format.ts'
import type { Fact } from './facts.ts'

/** How an answer differs from the others to the same question: how much of the text is the same, and what each costs more. */
export function compareAnswers(answer: Message, others: readonly Message[]): readonly Fact[] {
  return others.flatMap(other => {
    const facts = [
      { name: `beside ${shortModel(other.model)}`, value: textDifference(answer.content, other.content) },
      { name: 'it cost', value: costDifference(answer, other) },
    ]
    return facts.filter(({ value }) => value !== '')
  })
}

function textDifference(text: string, other: string): string {
  const words = wordsOf(text)
  const otherWords = wordsOf(other)
  if (words.length === 0 || otherWords.length === 0) return ''
  const shared = countShared(words, otherWords)
  const more = words.length - otherWords.length
  const length =
    more === 0
      ? 'as long'
      : `${Math.abs(more)} ${Math.abs(more) === 1 ? 'word' : 'words'} ${more > 0 ? 'more' : 'less'}`
  return `${Math.round((shared / Math.max(words.length, otherWords.length)) * 100)}% same · ${length}`
}

/** Words that both have, each as often as in the text that has it less. */
function countShared(words: readonly string[], otherWords: readonly string[]): number {
  const left = new Map<string, number>()
  for (const word of otherWords) left.set(word, (left.get(word) ?? 0) + 1)
  return words.filter(word => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count > 0
  }).length
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function costDifference(answer: Message, other: Message): string {
  if (answer.cost_nanousd === null || other.cost_nanousd === null) return ''
  const more = answer.cost_nanousd - other.cost_nanousd
  if (more === 0) return 'same cost'
  return `${formatAnswerCost(Math.abs(more), 'reported')} ${more > 0 ? 'more' : 'less'}`
}
