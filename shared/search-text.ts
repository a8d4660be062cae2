/** Scripts written without spaces: each character is a word of its own, so that any run of them can be found as a phrase. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu
const TERM = /[\p{L}\p{N}\p{M}]+/gu

/** Text as the full-text index stores it: characters of unspaced scripts stand apart. */
export function indexableText(text: string): string {
  return text.replace(UNSPACED, ' $& ')
}

/** What a person typed, understood: every part must be found, the last word also as the beginning of one. */
export type SearchPart = { readonly words: readonly string[]; readonly isPrefix: boolean }

/**
 * Splits a query into words and `"quoted phrases"`; a run of an unspaced script is a phrase of its characters.
 *
 *     cheap "wal mode" 東京 sync
 *                             ^ the last word is a prefix while it is still being typed
 */
export function parseSearch(query: string): readonly SearchPart[] {
  const parts: SearchPart[] = []
  for (const [index, piece] of query.split('"').entries()) {
    const isQuoted = index % 2 === 1
    if (isQuoted) addPhrase(parts, piece)
    else for (const word of piece.split(/\s+/)) addPhrase(parts, word)
  }
  const last = parts.at(-1)
  if (last && !/["\s]$/.test(query)) parts[parts.length - 1] = { ...last, isPrefix: true }
  return parts
}

/** The query in the language of SQLite's FTS5: only quoted strings, so that no input can be a syntax error; null when nothing can be searched. */
export function matchExpression(parts: readonly SearchPart[]): string | null {
  if (parts.length === 0) return null
  return parts.map(part => `"${part.words.join(' ')}"${part.isPrefix ? '*' : ''}`).join(' AND ')
}

function addPhrase(parts: SearchPart[], text: string): void {
  const words = indexableText(text).match(TERM)
  if (words) parts.push({ words, isPrefix: false })
}
