import type { SearchPart } from '#shared/search-text.ts'
import { type DocCursor, NO_DOC, type PostingCursor } from './posting-cursor.ts'
import type { Segment } from './segment.ts'

/** What is looked for in a segment. */
export type WordQuery = {
  readonly parts: readonly SearchPart[]
  readonly without: readonly SearchPart[]
  /** A single word also counts where it stands inside another. */
  readonly isInside: boolean
}

/** A part of the query: one word after the other, each of them any of several terms. */
type Clause = {
  readonly words: readonly (readonly DocCursor[])[]
  /** What tells where the words of a phrase stand; null for a single word. */
  readonly phrase: Phrase | null
}

/** The terms of its last word, which are gone through with the documents; and those before it, at a speed of their own. */
type Phrase = { readonly last: readonly PostingCursor[]; readonly before: readonly PostingCursor[] }

/** Documents that are looked at together: few at first, so that the newest hits come at once, then enough to be worth the step. */
const FIRST_WINDOW = 256
const WINDOW = 4096
/** Fewer letters stand inside half of all words. */
const LEAST_LETTERS_INSIDE = 3

/** The documents that match, in rising order; those of later ones are not looked for before they are asked for. */
export function* matchDocs(segment: Segment, { parts, without, isInside }: WordQuery): Generator<number> {
  const clauses = parts.map(part => openClause(segment, part, isInside))
  const excluded = without.map(part => openClause(segment, part, false))
  const [marks, holding] = [new Uint16Array(WINDOW), new Uint16Array(WINDOW)]
  let size = FIRST_WINDOW
  for (let start = firstDoc(clauses, 0); start < segment.docs; ) {
    const end = Math.min(start + size, segment.docs)
    marks.fill(0, 0, size)
    const window = { start, end, marks, holding }
    for (const [level, clause] of clauses.entries()) markClause(clause, window, level)
    for (const clause of excluded) markExcluded(clause, window, clauses.length)
    const found = marks.subarray(0, end - start)
    for (let index = found.indexOf(clauses.length); index >= 0; index = found.indexOf(clauses.length, index + 1)) {
      yield start + index
    }
    size = Math.min(size * 2, WINDOW)
    start = firstDoc(clauses, end)
  }
}

function openClause(segment: Segment, { words, isPrefix }: SearchPart, isInside: boolean): Clause {
  const [first = '', ...more] = words
  if (more.length === 0) return { words: [openWord(segment, { word: first, isPrefix, isInside })], phrase: null }
  const open = (word: string, index: number) =>
    segment.cursors(...segment.termsOf(word, isPrefix && index === more.length))
  const opened = words.map(open)
  const phrase = { last: opened.at(-1) ?? [], before: words.slice(0, -1).flatMap(open) }
  return { words: opened, phrase }
}

function openWord(
  segment: Segment,
  { word, isPrefix, isInside }: { readonly word: string; readonly isPrefix: boolean; readonly isInside: boolean },
): readonly DocCursor[] {
  if (isInside && word.length >= LEAST_LETTERS_INSIDE) return segment.docsOf(segment.termsAround(word))
  const [from, to] = segment.termsOf(word, isPrefix)
  return segment.docsOf(Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index))
}

/** Where the first document from `from` on can be that all clauses hold. */
function firstDoc(clauses: readonly Clause[], from: number): number {
  let first = from
  for (const { words } of clauses) {
    for (const cursors of words) {
      let least = NO_DOC
      for (const cursor of cursors) {
        cursor.seek(from)
        if (cursor.doc < least) least = cursor.doc
      }
      if (least > first) first = least
    }
  }
  return first
}

type Window = {
  readonly start: number
  readonly end: number
  /** How many clauses each document holds. */
  readonly marks: Uint16Array
  /** The same for the words of a phrase, while it is looked at. */
  readonly holding: Uint16Array
}

/** Raises the marks of the documents that hold the clause from `level` by one. */
function markClause({ words, phrase }: Clause, window: Window, level: number): void {
  const [first = []] = words
  if (phrase === null) for (const cursor of first) markWord(cursor, window, level)
  else markPhrase({ words, phrase }, window, level)
}

function markExcluded(clause: Clause, { start, end, marks, holding }: Window, level: number): void {
  const found = { start, end, marks: new Uint16Array(WINDOW), holding }
  markClause(clause, found, 0)
  for (let index = 0; index < end - start; index++) if (found.marks[index] === 1) marks[index] = level + 1
}

function markWord(cursor: DocCursor, { start, end, marks }: Omit<Window, 'holding'>, level: number): void {
  cursor.seek(start)
  for (; cursor.doc < end; cursor.next()) {
    const index = cursor.doc - start
    if (marks[index] === level) marks[index] = level + 1
  }
}

/** Words that stand one behind the other. Where they stand is read last, and only in documents that hold all of them. */
function markPhrase(
  { words, phrase }: { readonly words: Clause['words']; readonly phrase: Phrase },
  window: Window,
  level: number,
): void {
  const { start, end, marks, holding } = window
  holding.fill(0, 0, end - start)
  for (const [index, cursors] of words.slice(0, -1).entries()) {
    for (const cursor of cursors) markWord(cursor, { start, end, marks: holding }, index)
  }
  const check = (doc: number, positions: readonly number[]): void => {
    if (inBoth(positions, placesBehind(phrase.before, doc)).length > 0) marks[doc - start] = level + 1
  }
  const lastWords = new Map<number, number[]>()
  for (const cursor of phrase.last) {
    cursor.seek(start)
    for (; cursor.doc < end; cursor.next()) {
      const index = cursor.doc - start
      if (holding[index] !== words.length - 1 || marks[index] !== level) continue
      const found = lastWords.get(cursor.doc)
      if (phrase.last.length === 1) check(cursor.doc, cursor.positions())
      else if (found === undefined) lastWords.set(cursor.doc, cursor.positions())
      else found.push(...cursor.positions())
    }
  }
  for (const [doc, positions] of [...lastWords].sort(([left], [right]) => left - right)) {
    check(
      doc,
      positions.sort((left, right) => left - right),
    )
  }
}

/** The places in a document where the word behind these words would have to stand. */
function placesBehind(words: readonly PostingCursor[], doc: number): readonly number[] {
  let behind: number[] | null = null
  for (const word of words) {
    word.seek(doc)
    if (word.doc !== doc) return []
    const positions = word.positions()
    behind = (behind === null ? positions : inBoth(positions, behind)).map(position => position + 1)
  }
  return behind ?? []
}

/** What two rising lists have in common. */
function inBoth(left: readonly number[], right: readonly number[]): number[] {
  let at = 0
  return left.filter(number => {
    while ((right[at] ?? number) < number) at++
    return right[at] === number
  })
}
