/** Scripts written without spaces: each character is a word of its own, so that any run of them can be found as a phrase. */
const UNSPACED =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]'
const LETTER = '[\\p{L}\\p{N}]'
const WORD = new RegExp(`(?=${LETTER})${UNSPACED}|(?:(?!${UNSPACED})${LETTER})+`, 'gu')
/** Scripts whose readers leave accents, points and stresses out when they search; in others a mark makes another letter (か, が). */
const ACCENT_BLIND = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]/u
/** What folding may change beyond the case of plain letters: a character with the marks behind it. */
const FOLDABLE = /\P{ASCII}\p{M}*|[A-Za-z]\p{M}+/gu

/** What no word goes beyond: most of them are plain letters and are words as they stand, which saves nine tenths of the work. */
const CHUNK = /[a-z0-9\u0080-\uffff]+/g
const NEEDS_FOLDING = /[\u0080-\uffff]/

/** Text as the full-text index stores it: its folded words, those of unspaced scripts character by character. */
export function indexableText(text: string): string {
  return wordsOf(text).join(' ')
}

/** Words that stand one behind the other; with `isPrefix` the last one may go on. */
export type SearchPart = { readonly words: readonly string[]; readonly isPrefix: boolean }

/** Whether a short text, as a title is, holds every part. */
export function holdsParts(text: string, parts: readonly SearchPart[]): boolean {
  const words = ` ${indexableText(text)} `
  return parts.every(part => words.includes(` ${part.words.join(' ')}${part.isPrefix ? '' : ' '}`))
}

/**
 * Stretches of `text` that match a part, as [start, end) in UTF-16 units: the first, and those that begin within `span` units
 * behind it; in order, and none over another. Reads the text once, whatever the query.
 */
export function findMatches(text: string, parts: readonly SearchPart[], span: number): readonly Stretch[] {
  const { folded, shifts } = foldKeepingPlaces(text)
  const partsEndingIn = Map.groupBy(parts, part => part.words.at(-1))
  const open = parts.find(part => part.isPrefix)
  const words: Word[] = []
  const found: Stretch[] = []
  for (const { index, 0: word } of folded.matchAll(WORD)) {
    if (found[0] && index > found[0][0] + span) break
    words.push({ word, start: index })
    const begun = open && word.startsWith(open.words.at(-1) ?? '') ? [open] : []
    for (const part of [...begun, ...(partsEndingIn.get(word) ?? [])]) {
      const start = startOf(part, words)
      if (start !== null) found.push([start, endOfMarks(folded, index + (part.words.at(-1) ?? '').length)])
    }
  }
  const placeOf = placeReader(shifts)
  return joinOverlaps(found).map(([start, end]) => [placeOf(start), placeOf(end)])
}

type Stretch = readonly [start: number, end: number]
type Word = { readonly word: string; readonly start: number }

/** Where the part begins whose last word is the last of `words`; null when the words before it are others. */
function startOf(part: SearchPart, words: readonly Word[]): number | null {
  const first = words.length - part.words.length
  const isThere = part.words.slice(0, -1).every((word, index) => words[first + index]?.word === word)
  return isThere ? (words[first]?.start ?? null) : null
}

/** Vowel signs and accents behind the last letter belong to it, though the index leaves them out. */
function endOfMarks(text: string, end: number): number {
  const marks = /\p{M}*/uy
  marks.lastIndex = end
  return end + (marks.exec(text)?.[0].length ?? 0)
}

function joinOverlaps(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: Stretch[] = []
  for (const [start, end] of stretches.toSorted((left, right) => left[0] - right[0])) {
    const last = joined.at(-1)
    if (last && start < last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], end)]
    else joined.push([start, end])
  }
  return joined
}

/** The folded words of a text in their order; of an unspaced script each character is one. */
export function wordsOf(text: string): string[] {
  const lower = text.toLowerCase()
  const chunks = lower.match(CHUNK) ?? []
  if (!NEEDS_FOLDING.test(lower)) return chunks
  const words: string[] = []
  for (const chunk of chunks) {
    if (NEEDS_FOLDING.test(chunk)) words.push(...(chunk.replace(FOLDABLE, fold).toLowerCase().match(WORD) ?? []))
    else words.push(chunk)
  }
  return words
}

/** What folding came to before: texts repeat their characters, and each takes a microsecond to fold. */
const folds = new Map<string, string>()
const MOST_FOLDS = 20_000

function fold(character: string): string {
  const known = folds.get(character)
  if (known !== undefined) return known
  const folded = foldAnew(character)
  if (folds.size >= MOST_FOLDS) folds.clear()
  folds.set(character, folded)
  return folded
}

function foldAnew(character: string): string {
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
