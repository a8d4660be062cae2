import type { FindAnswer } from '../../search/find-answer.ts'
import { formatCount } from '../format.ts'

/** `6 hits in 3 chats`. */
export function countWords(answer: FindAnswer): string {
  const { chats, hits, hasMore } = answer
  const byWords = chats.filter(({ messageIds }) => messageIds.length > 0).length
  const byTitle = chats.length - byWords
  const inChats = `${formatCount(hits)}${hasMore ? '+' : ''} ${hits === 1 ? 'hit' : 'hits'} in ${counted(byWords, 'chat')}`
  if (byTitle === 0) return hits === 0 ? 'no hit' : inChats
  const titles = byWords === 0 ? `${counted(byTitle, 'chat')} by title` : `${formatCount(byTitle)} by title`
  return byWords === 0 ? titles : `${inChats}, ${titles}`
}

/** `4 ms, on device`; how much of it, while the index is not done. */
export function whereWords({ tookMs, share }: FindAnswer): string {
  const took = `${Math.max(1, Math.round(tookMs))} ms`
  return share < 1 ? `${took}, ${Math.floor(share * 100)} % indexed` : `${took}, on device`
}

/** What a query can hold, for whoever has typed nothing yet. */
export const GRAMMAR: readonly string[] = [
  'Words, the beginning of the last one, “a phrase”, -without.',
  'in:title · model:sonnet · tag:home · role:user',
  'has:code · has:image · is:pinned · is:archived',
  'after:2026-09 · before:2026-11-23',
]

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}
