import type { SearchPart } from '#shared/search-text.ts'

/** What to mark in a text that fits only nearly: the parts, and each of their words by itself. */
export function loosenedParts(parts: readonly SearchPart[]): readonly SearchPart[] {
  return parts.flatMap(({ words, isPrefix }) => [
    { words, isPrefix },
    ...words.map(word => ({ words: [word], isPrefix: true })),
  ])
}
