import type { Role } from './records.ts'
import { type SearchPart, wordsOf } from './search-text.ts'

/** A condition that a message must meet, or must not (`isNegated`), beside holding the words. */
export type SearchFilter = { readonly isNegated: boolean } & FilterTest

type FilterTest =
  /** A part of the model's name, in lower case. */
  | { readonly kind: 'model'; readonly text: string }
  | { readonly kind: 'tag'; readonly text: string }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'has'; readonly what: 'code' | 'image' }
  | { readonly kind: 'is'; readonly what: 'pinned' | 'archived' }
  /** Written before, or at and after, a moment in milliseconds. */
  | { readonly kind: 'before' | 'after'; readonly ms: number }

/** What a person typed into the find line, understood. */
export type SearchQuery = {
  /** All of these must be found. */
  readonly parts: readonly SearchPart[]
  /** None of these may be. */
  readonly without: readonly SearchPart[]
  /** True for `in:title`: the words are looked for in the titles of chats, not in messages. */
  readonly isInTitle: boolean
  readonly filters: readonly SearchFilter[]
  /** A sentence for each filter that could not be read and was left out. */
  readonly problems: readonly string[]
}

/** What filters look at: a message and the chat it stands in. */
export type FilterSubject = {
  readonly model: string | null
  readonly role: string
  readonly createdAtMs: number
  readonly hasCode: boolean
  readonly hasImage: boolean
  readonly tags: readonly string[]
  readonly isPinned: boolean
  readonly isArchived: boolean
}

/** The names that can stand before a colon; any other `name:` is text. */
const FILTER_NAMES = ['in', 'model', 'tag', 'role', 'has', 'is', 'before', 'after'] as const

type Item = {
  readonly isNegated: boolean
  readonly name: string | null
  readonly text: string
  /** Where it begins in the query. */
  readonly at: number
}

const ITEM = /(?<dash>-(?=[^\s-]))?(?:(?<name>[a-z]+):)?(?:"(?<quoted>[^"]*)"?|(?<bare>[^\s"]+))?/giy
const ROLES: readonly Role[] = ['user', 'assistant', 'system']

/**
 * Reads a query: words, `"phrases"`, `-without`, and filters. Nothing that is typed is an error.
 *
 *     cheap "wal mode" -slow model:sonnet after:2026-09 東京 sync
 *                                                           ^ the last word is a prefix while it is still being typed
 *
 * A query of nothing but words to leave out has nothing to leave them out of: it looks for them.
 */
export function parseQuery(query: string): SearchQuery {
  const items = itemsOf(query)
  const parts: SearchPart[] = []
  const without: SearchPart[] = []
  const filters: SearchFilter[] = []
  const problems: string[] = []
  let isInTitle = false
  for (const item of items) {
    const { name, text, isNegated } = item
    if (name === null) addPart(isNegated ? without : parts, text)
    else if (name === 'in' && text === 'title' && !isNegated) isInTitle = true
    else {
      const test = readFilter(name, text)
      if (typeof test === 'string') problems.push(test)
      else filters.push({ ...test, isNegated })
    }
  }
  const isNothingElse = parts.length === 0 && filters.length === 0 && problems.length === 0
  if (isNothingElse) parts.push(...without.splice(0))
  if (items.at(-1)?.name === null) openLast(parts, items.at(-1)?.isNegated === true && !isNothingElse, query)
  return { parts, without, isInTitle, filters, problems }
}

/** True when there is something to look for. */
export function isSearch({ parts, filters }: SearchQuery): boolean {
  return parts.length > 0 || filters.length > 0
}

/** Whether a message meets all filters. */
export function passesFilters(filters: readonly SearchFilter[], subject: FilterSubject): boolean {
  return filters.every(filter => passes(filter, subject) !== filter.isNegated)
}

/** Whether Markdown holds a block of code, as `has:code` means it. */
export function holdsCode(markdown: string): boolean {
  return markdown.includes('```')
}

/** Whether Markdown shows a picture of its own; attached ones stand beside the text. */
export function holdsPicture(markdown: string): boolean {
  return markdown.includes('![')
}

function itemsOf(query: string): readonly Item[] {
  const items: Item[] = []
  let at = 0
  while (at < query.length) {
    ITEM.lastIndex = at
    const match = ITEM.exec(query)
    const { dash, name, quoted, bare } = match?.groups ?? {}
    const isFilter = name !== undefined && isFilterName(name.toLowerCase())
    const end = at + (match?.[0].length ?? 0)
    if (end === at) {
      at++
      continue
    }
    // `content:filter` is text: a name that is no filter belongs to the word behind it.
    const text = quoted ?? bare ?? ''
    const own = isFilter || name === undefined ? text : `${name}:${text}`
    items.push({ isNegated: dash !== undefined, name: isFilter ? name.toLowerCase() : null, text: own, at })
    at = end
  }
  return items
}

function isFilterName(name: string): boolean {
  return FILTER_NAMES.some(known => known === name)
}

function addPart(parts: SearchPart[], text: string): void {
  const words = wordsOf(text)
  if (words.length > 0) parts.push({ words, isPrefix: false })
}

/** The last word counts as a beginning until a space or a quote ends it; one that is to be left out does not. */
function openLast(parts: SearchPart[], isNegated: boolean, query: string): void {
  const last = parts.at(-1)
  if (last !== undefined && !isNegated && !/["\s]$/.test(query)) parts[parts.length - 1] = { ...last, isPrefix: true }
}

/** The test, or a sentence on why there is none. */
function readFilter(name: string, text: string): FilterTest | string {
  const value = text.toLowerCase()
  switch (name) {
    case 'in':
      return leftOut('in:', 'title', text)
    case 'model':
    case 'tag':
      return value === '' ? `${name}: is followed by a name.` : { kind: name, text: value }
    case 'role': {
      const role = ROLES.find(known => known === value)
      return role === undefined ? leftOut('role:', 'user, assistant or system', text) : { kind: 'role', role }
    }
    case 'has':
      if (value === 'code' || value === 'image') return { kind: 'has', what: value }
      return leftOut('has:', 'code or image', text)
    case 'is':
      if (value === 'pinned' || value === 'archived') return { kind: 'is', what: value }
      return leftOut('is:', 'pinned or archived', text)
    default: {
      const ms = startOfDate(value)
      const kind = name === 'before' ? 'before' : 'after'
      return ms === null ? leftOut(`${kind}:`, 'a day like 2026-11-23, a month or a year', text) : { kind, ms }
    }
  }
}

function leftOut(name: string, wants: string, text: string): string {
  return text === '' ? `${name} is followed by ${wants}.` : `${name} is followed by ${wants}, not by “${text}”.`
}

/** The first moment of `2026`, `2026-11` or `2026-11-23` where this runs; null for anything else. */
function startOfDate(text: string): number | null {
  const match = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text)
  if (match === null) return null
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)]
  const date = new Date(year, month - 1, day)
  // 31 February would be a day in March.
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null
}

function passes(test: FilterTest, subject: FilterSubject): boolean {
  switch (test.kind) {
    case 'model':
      return subject.model?.toLowerCase().includes(test.text) === true
    case 'tag':
      return subject.tags.some(tag => tag.toLowerCase() === test.text)
    case 'role':
      return subject.role === test.role
    case 'has':
      return test.what === 'code' ? subject.hasCode : subject.hasImage
    case 'is':
      return test.what === 'pinned' ? subject.isPinned : subject.isArchived
    case 'before':
      return subject.createdAtMs < test.ms
    case 'after':
      return subject.createdAtMs >= test.ms
    default:
      return test satisfies never
  }
}
