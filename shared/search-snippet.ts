import { findMatches, type SearchPart } from './search-text.ts'

/** A stretch of a text around its first match. */
export type Snippet = {
  readonly snippet: string
  /** Where the matches stand in `snippet`, as [start, end) in UTF-16 units, in order. */
  readonly offsets: readonly (readonly [start: number, end: number])[]
}

const SNIPPET_LENGTH = 160
const LEAD = 40

/** Cuts the text around the first match and says where the matches stand in the cut, which never divides a character. */
export function makeSnippet(text: string, parts: readonly SearchPart[]): Snippet {
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
