import type { SearchPart } from '#shared/search-text.ts'

type Words = { readonly parts: readonly SearchPart[]; readonly without: readonly SearchPart[] }

/** Words in the language of SQLite's FTS5: only quoted strings, so that no input can be a syntax error; null where nothing is to be found. */
export function matchExpression({ parts, without }: Words): string | null {
  if (parts.length === 0) return null
  const found = parts.map(quote).join(' AND ')
  return without.length === 0 ? found : `(${found}) NOT (${without.map(quote).join(' OR ')})`
}

function quote({ words, isPrefix }: SearchPart): string {
  return `"${words.join(' ')}"${isPrefix ? '*' : ''}`
}
