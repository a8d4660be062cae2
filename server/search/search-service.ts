import { findMatches, matchExpression, parseSearch, type SearchPart } from '#shared/search-text.ts'
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
  /** Where the matches stand in `snippet`, as [start, end) in UTF-16 units, in order. */
  readonly offsets: readonly (readonly [start: number, end: number])[]
}

const SNIPPET_LENGTH = 160
const LEAD = 40

/** Finds messages that hold every word and phrase of the query, newest first; an empty query finds nothing. */
export function search(
  sqlite: Sqlite,
  userId: number,
  query: { readonly q: string; readonly limit: number },
): SearchHit[] {
  const parts = parseSearch(query.q)
  const expression = matchExpression(parts)
  if (expression === null) return []
  return searchMessages(sqlite, userId, expression, query.limit).map(({ content, ...row }) => ({
    ...row,
    ...makeSnippet(content, parts),
  }))
}

/** Cuts the text around the first match and says where the matches stand in the cut. */
function makeSnippet(text: string, parts: readonly SearchPart[]): Pick<SearchHit, 'snippet' | 'offsets'> {
  const matches = findMatches(text, parts, SNIPPET_LENGTH)
  const from = snippetStart(text, matches[0]?.[0] ?? 0)
  const snippet = text.slice(from, endOfCharacter(text, from + SNIPPET_LENGTH))
  const offsets = matches
    .filter(([start, end]) => start >= from && end <= from + snippet.length)
    .map(([start, end]) => [start - from, end - from] as const)
  return { snippet, offsets }
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
