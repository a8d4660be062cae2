/** Where a text matches: from, to (not included), in UTF-16 units. */
export type Range = readonly [start: number, end: number]

/** How well a text matches, the higher the better, and which of its letters do. */
export type Match = { readonly score: number; readonly ranges: readonly Range[] }

type MatchOptions = {
  /** Lets the letters of a word lie apart: `mdl` finds `model`. */
  readonly isLoose: boolean
}

const EXACT = 100
const PREFIX = 80
const WORD_START = 60
const INSIDE = 40
const SCATTERED = 20

/**
 * Matches one word with a text. A word that begins the text beats one that begins a word in it, that beats one inside a word, and
 * that beats scattered letters; among equals the order they came in may decide. Null where it does not match.
 */
export function matchWord(word: string, text: string, { isLoose }: MatchOptions): Match | null {
  const [needle, hay] = [fold(word), fold(text)]
  if (needle === '') return { score: 0, ranges: [] }
  if (needle === hay) return { score: EXACT, ranges: [[0, hay.length]] }
  const inside = bestPlace(needle, hay)
  if (inside !== null) {
    const step = inside === 0 ? PREFIX : isWordStart(hay, inside) ? WORD_START : INSIDE
    return { score: step, ranges: [[inside, inside + needle.length]] }
  }
  const ranges = isLoose ? scattered(needle, hay) : null
  return ranges === null ? null : { score: Math.max(1, SCATTERED - ranges.length), ranges }
}

/** Ranges in rising order, without overlaps: those that touch are one. */
export function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: [number, number][] = []
  for (const [start, end] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const last = joined.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else joined.push([start, end])
  }
  return joined
}

/** Lower case where that keeps every letter in its place: the ranges are counted in the text as it stands. */
function fold(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from(text, letter =>
    letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter,
  ).join('')
}

function bestPlace(needle: string, hay: string): number | null {
  let first: number | null = null
  for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, at + 1)) {
    if (isWordStart(hay, at)) return at
    first ??= at
  }
  return first
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')
}

/** The letters one after the other, the first of them at the start of a word. */
function scattered(needle: string, hay: string): readonly Range[] | null {
  for (let start = hay.indexOf(needle[0] ?? ''); start !== -1; start = hay.indexOf(needle[0] ?? '', start + 1)) {
    if (!isWordStart(hay, start)) continue
    const ranges: Range[] = []
    let at = start
    for (const letter of needle) {
      at = hay.indexOf(letter, at)
      if (at === -1) return null
      ranges.push([at, at + letter.length])
      at += letter.length
    }
    return joinRanges(ranges)
  }
  return null
}
