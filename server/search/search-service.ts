import { matchExpression, parseSearch, type SearchPart } from '#shared/search-text.ts'
import type { Sqlite } from '../database/open-database.ts'
import { searchMessages } from './search-store.ts'

export type SearchHit = {
  readonly conversation_id: string
  readonly conversation_title: string
  readonly message_id: string
  readonly role: string
  readonly model: string | null
  readonly created_at: number
  /** A stretch of the message's own text around the first match. */
  readonly snippet: string
  /** Where the matches stand in `snippet`, as [start, end) in UTF-16 units. */
  readonly offsets: readonly (readonly [start: number, end: number])[]
}

const SNIPPET_LENGTH = 160
const LEAD = 40

/** Finds messages that hold every word and phrase of the query, newest first; an empty query finds nothing. */
export function search(sqlite: Sqlite, userId: number, query: { readonly q: string; readonly limit: number }): SearchHit[] {
  const parts = parseSearch(query.q)
  const expression = matchExpression(parts)
  if (expression === null) return []
  return searchMessages(sqlite, userId, expression, query.limit).map(({ content, ...row }) => ({
    ...row,
    ...makeSnippet(content, parts),
  }))
}

/** Cuts the text around the first match and says where the matches stand in the cut. */
export function makeSnippet(text: string, parts: readonly SearchPart[]): Pick<SearchHit, 'snippet' | 'offsets'> {
  const matches = findMatches(text, parts)
  const from = snippetStart(text, matches[0]?.[0] ?? 0)
  const snippet = text.slice(from, endOfCharacter(text, from + SNIPPET_LENGTH))
  const offsets = matches
    .filter(([start, end]) => start >= from && end <= from + snippet.length)
    .map(([start, end]) => [start - from, end - from] as const)
  return { snippet, offsets }
}

function findMatches(text: string, parts: readonly SearchPart[]): (readonly [number, number])[] {
  const patterns = parts.map(part => {
    const body = part.words.map(accentBlind).join('[^\\p{L}\\p{N}\\p{M}]*')
    return `(?<![\\p{L}\\p{N}\\p{M}](?<!${UNSPACED}))${body}${part.isPrefix ? '[\\p{L}\\p{N}\\p{M}]*?' : ''}`
  })
  const matches: (readonly [number, number])[] = []
  for (const pattern of patterns) {
    for (const match of text.matchAll(new RegExp(pattern, 'giu'))) {
      if (match[0] !== '') matches.push([match.index, match.index + match[0].length])
    }
  }
  return matches.sort((left, right) => left[0] - right[0])
}

const UNSPACED = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]'

/** The index ignores accents, so `cafe` must also mark `café`: each letter may carry marks or be a letter that decomposes to it. */
function accentBlind(word: string): string {
  return [...word.normalize('NFD')]
    .filter(character => !/\p{M}/u.test(character))
    .map(character => `(?:${accented(character)})\\p{M}*`)
    .join('')
}

function accented(character: string): string {
  const variants = ['\u0301', '\u0300', '\u0302', '\u0308', '\u0303', '\u030a', '\u0327', '\u030c', '\u0304']
    .map(mark => (character + mark).normalize('NFC'))
    .filter(variant => [...variant].length === 1)
  return [character, ...variants].join('|')
}

function snippetStart(text: string, match: number): number {
  if (match <= LEAD) return 0
  const space = text.indexOf(' ', match - LEAD)
  const start = space >= 0 && space < match ? space + 1 : match - LEAD
  return isInsidePair(text, start) ? start - 1 : start
}

function endOfCharacter(text: string, end: number): number {
  return isInsidePair(text, end) ? end + 1 : end
}

function isInsidePair(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}
