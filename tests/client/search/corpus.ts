import { parseQuery } from '#shared/search-query.ts'
import { wordsOf } from '#shared/search-text.ts'
import type { SearchIndex } from '../../../client/search/search-index.ts'
import { createSegmentBuilder } from '../../../client/search/segment-builder.ts'

export type Text = { readonly id: string; readonly conversationId: string; readonly createdAtMs: number; text: string }

/** Ids that are told apart, and ordered, by a number. */
export function idOf(number: number): string {
  return `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
}

const ATOMS = [
  'cat',
  'Category',
  'Café',
  'cafe\u0301',
  'naïve',
  'Straße',
  'Αθήνα',
  'ΑΘΗΝΑ',
  'λόγος',
  'Ёлка',
  'елка',
  'e2e',
  '42',
  '東京',
  '東',
  '京都',
  '日本語',
  'ไทย',
  'foo_bar',
  "don't",
  'AND',
  'wal',
  'mode',
  'walmode',
  'İzmir',
  'x',
] as const
const GAPS = [' ', ' ', ' ', '\n', ', ', '🤖', '—', '', '*', '"', ' - '] as const

export type Chance = () => number

function pick(random: Chance, items: readonly string[]): string {
  return items[Math.floor(random() * items.length)] ?? ''
}

export function anyText(random: Chance): string {
  const length = 1 + Math.floor(random() * 12)
  return Array.from({ length }, () => pick(random, ATOMS) + pick(random, GAPS)).join('')
}

/** A query of words, beginnings, phrases and what is left out. */
export function anyQuery(random: Chance): string {
  const part = (): string => {
    const atoms = Array.from({ length: 1 + Math.floor(random() * 2) }, () => pick(random, ATOMS).replaceAll('"', ''))
    const last = atoms.at(-1) ?? ''
    if (random() < 0.3) atoms[atoms.length - 1] = last.slice(0, 1 + Math.floor(random() * last.length))
    return random() < 0.4 ? `"${atoms.join(' ')}"` : atoms.join(' ')
  }
  const without = random() < 0.25 ? ` -${pick(random, ATOMS)} ` : ''
  return `${without}${part()}${random() < 0.5 ? ' ' : ''}`
}

/** The words of a text by another way than the index's: no shared code. */
function tokens(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ς', 'σ')
  return plain.match(/[\p{sc=Han}\p{sc=Thai}]|[a-z0-9ßα-ωа-я]+/gu)?.filter(word => /[\p{L}\p{N}]/u.test(word)) ?? []
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
      const words = tokens(text)
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
