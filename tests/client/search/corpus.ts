import { parseQuery } from '#shared/search-query.ts'
import { wordsOf } from '#shared/search-text.ts'
import type { SearchIndex } from '../../../client/search/search-index.ts'
import { createSegmentBuilder } from '../../../client/search/segment-builder.ts'
import { anyAtom, type Chance, plainWords } from '../../helpers/random-search-text.ts'

export type Text = { readonly id: string; readonly conversationId: string; readonly createdAtMs: number; text: string }

/** Ids that are told apart, and ordered, by a number. */
export function idOf(number: number): string {
  return `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
}

/** A query of words, beginnings, phrases and what is left out. */
export function anyQuery(random: Chance): string {
  const part = (): string => {
    const atoms = Array.from({ length: 1 + Math.floor(random() * 2) }, () => anyAtom(random).replaceAll('"', ''))
    const last = atoms.at(-1) ?? ''
    if (random() < 0.3) atoms[atoms.length - 1] = last.slice(0, 1 + Math.floor(random() * last.length))
    return random() < 0.4 ? `"${atoms.join(' ')}"` : atoms.join(' ')
  }
  const without = random() < 0.25 ? ` -${anyAtom(random)} ` : ''
  return `${without}${part()}${random() < 0.5 ? ' ' : ''}`
}

/** Reads every text: what a search must find, newest first. */
export function scan(texts: Iterable<Text>, query: string, isInside = false): readonly string[] {
  const { parts, without } = parseQuery(query)
  const holds = (words: readonly string[], part: (typeof parts)[number], canBeInside: boolean): boolean =>
    words.some((_, at) =>
      part.words.every((word, index) => {
        const own = words[at + index]
        if (own === undefined) return false
        if (canBeInside && part.words.length === 1 && word.length >= 3) return own.includes(word)
        return part.isPrefix && index === part.words.length - 1 ? own.startsWith(word) : own === word
      }),
    )
  return [...texts]
    .filter(({ text }) => {
      const words = plainWords(text)
      return (
        parts.length > 0 &&
        parts.every(part => holds(words, part, isInside)) &&
        !without.some(part => holds(words, part, false))
      )
    })
    .toSorted((left, right) => right.createdAtMs - left.createdAtMs || (left.id < right.id ? 1 : -1))
    .map(({ id }) => id)
}

/** Puts texts into the index as one batch. */
export function addTexts(index: SearchIndex, texts: readonly Text[]): void {
  const builder = createSegmentBuilder()
  for (const { text, ...place } of texts)
    builder.add({ ...place, role: 'user', model: null, hasCode: false, hasImage: false, words: wordsOf(text) })
  index.add(builder)
}

export function findIds(index: SearchIndex, query: string, isInside = false): readonly string[] {
  const { parts, without } = parseQuery(query)
  if (parts.length === 0) return []
  return [...index.find({ parts, without, isInside })].map(found => found.facts().id)
}
