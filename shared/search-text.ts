/** Scripts written without spaces: each character is a word of its own, so that any run of them can be found as a phrase. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu
const WORD = /[\p{L}\p{N}]+/gu
/** Scripts whose readers leave accents, points and stresses out when they search; in others a mark makes another letter (か, が). */
const ACCENT_BLIND = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]/u
/** What folding may change beyond the case of plain letters: a character with the marks behind it. */
const FOLDABLE = /\P{ASCII}\p{M}*|[A-Za-z]\p{M}+/gu

/** Text as the full-text index stores it: its folded words, those of unspaced scripts character by character. */
export function indexableText(text: string): string {
  return wordsOf(text).join(' ')
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

/** Stretches of `text` that match a part, as [start, end) in UTF-16 units: in order, and none over another. */
export function findMatches(
  text: string,
  parts: readonly SearchPart[],
): readonly (readonly [start: number, end: number])[] {
  const { folded, shifts } = foldKeepingPlaces(text)
  const found = parts.flatMap(part =>
    Array.from(folded.matchAll(patternOf(part)), ({ index, 0: match }): [number, number] => [
      index,
      index + match.length,
    ]),
  )
  const merged: [number, number][] = []
  for (const match of found.sort((left, right) => left[0] - right[0])) {
    const previous = merged.at(-1)
    if (previous && match[0] < previous[1]) previous[1] = Math.max(previous[1], match[1])
    else merged.push(match)
  }
  const placeOf = placeReader(shifts)
  return merged.map(([start, end]) => [placeOf(start), placeOf(end)])
}

function addPhrase(parts: SearchPart[], text: string): void {
  const words = wordsOf(text)
  if (words.length > 0) parts.push({ words, isPrefix: false })
}

function wordsOf(text: string): string[] {
  const folded = text.replace(FOLDABLE, fold).toLowerCase()
  return folded.replace(UNSPACED, ' $& ').match(WORD) ?? []
}

function fold(character: string): string {
  const lower = character.toLowerCase().normalize('NFD')
  const bare = ACCENT_BLIND.test(lower) ? lower.replace(/\p{Mn}/gu, '') : lower.normalize('NFC')
  return bare.replace('ς', 'σ')
}

/** From folded index `from` on, the text before folding stands `by` units further on. */
type Shift = { readonly from: number; readonly by: number }

function foldKeepingPlaces(text: string): { readonly folded: string; readonly shifts: readonly Shift[] } {
  const shifts: Shift[] = []
  let by = 0
  const folded = text.replace(FOLDABLE, (character, place: number) => {
    const plain = fold(character)
    const from = place - by + plain.length
    by += character.length - plain.length
    if (plain.length !== character.length) shifts.push({ from, by })
    return plain
  })
  return { folded: folded.toLowerCase(), shifts }
}

/** Turns folded indexes into places of the text before; to be called with rising indexes. */
function placeReader(shifts: readonly Shift[]): (index: number) => number {
  let next = 0
  let by = 0
  return index => {
    for (let shift = shifts[next]; shift && shift.from <= index; shift = shifts[++next]) by = shift.by
    return index + by
  }
}

const LETTER = '[\\p{L}\\p{N}]'
const UNSPACED_LETTER = UNSPACED.source

/** As the index does it: words whole, in order, with anything but letters between them; next to an unspaced character a word ends anyway. */
function patternOf({ words, isPrefix }: SearchPart): RegExp {
  const isUnspaced = (word: string | undefined) => word !== undefined && word.search(UNSPACED) === 0
  const body = words.reduce((pattern, word, index) => {
    const gap = isUnspaced(word) || isUnspaced(words[index - 1]) ? '*' : '+'
    return index === 0 ? word : `${pattern}[^\\p{L}\\p{N}]${gap}${word}`
  }, '')
  const start = isUnspaced(words[0]) ? '' : `(?<!${LETTER}(?<!${UNSPACED_LETTER}))`
  const end = isPrefix || isUnspaced(words.at(-1)) ? '' : `(?!(?!${UNSPACED_LETTER})${LETTER})`
  // Vowel signs behind the last letter belong to it, though the index leaves them out.
  return new RegExp(`${start}${body}\\p{M}*${end}`, 'gu')
}
