/** A way to go on with the filter that a query ends with. */
type QueryCompletion = {
  /** What it says: `model:`, or `model:sonnet`. */
  readonly title: string
  readonly summary: string
  /** The whole query with it; the next word can follow where it is one to look for already. */
  readonly query: string
}

/** What this device knows that filters may name. */
export type FilterValues = {
  readonly models: readonly string[]
  readonly tags: readonly string[]
  /** `2026-11-23`. */
  readonly today: string
}

export type CompletedQuery = {
  readonly options: readonly QueryCompletion[]
  /** True once the colon is there: what stands there can be nothing but a filter. */
  readonly isFilter: boolean
}

type Value = { readonly text: string; readonly summary: string }
type Filter = { readonly name: string; readonly summary: string; values(known: FilterValues): readonly Value[] }

const MOST_OPTIONS = 8
/** One letter begins too many words that are no filters. */
const LEAST_LETTERS = 2
const NOTHING: CompletedQuery = { options: [], isFilter: false }

const FILTERS: readonly Filter[] = [
  { name: 'in', summary: 'where the words stand', values: () => [{ text: 'title', summary: 'titles of chats alone' }] },
  { name: 'model', summary: 'which model answered', values: ({ models }) => models.map(named) },
  { name: 'tag', summary: 'chats with a tag', values: ({ tags }) => tags.map(named) },
  {
    name: 'role',
    summary: 'who wrote it',
    values: () => [
      { text: 'user', summary: 'what you wrote' },
      { text: 'assistant', summary: 'answers' },
      { text: 'system', summary: 'instructions' },
    ],
  },
  {
    name: 'has',
    summary: 'what is in it',
    values: () => [
      { text: 'code', summary: 'a block of code' },
      { text: 'image', summary: 'a picture' },
    ],
  },
  {
    name: 'is',
    summary: 'where the chat lies',
    values: () => [
      { text: 'pinned', summary: 'pinned chats' },
      { text: 'archived', summary: 'chats in the archive' },
    ],
  },
  { name: 'before', summary: 'written before a day', values: ({ today }) => datesOf(today) },
  { name: 'after', summary: 'written from a day on', values: ({ today }) => datesOf(today) },
]

/** The end of a query that may become a filter, with the `-` that turns it round. */
const LAST = /^(?<before>(?:.*\s)?-?)(?:(?<name>[a-z]+):(?<value>[^\s"]*)|(?<letters>[a-z]+))$/is

/**
 * The filters that the last word of a query may become, or the values of the one that stands there.
 *
 *     wal mode mod          wal mode model:son
 *                 ^ model:                    ^ model:claude-sonnet-4.5
 */
export function completeQuery(query: string, known: FilterValues): CompletedQuery {
  const { before = '', name, value = '', letters = '' } = LAST.exec(query)?.groups ?? {}
  const isInQuotes = query.split('"').length % 2 === 0
  if (isInQuotes) return NOTHING
  if (name === undefined) return { options: completeName(before, letters.toLowerCase()), isFilter: false }
  const filter = FILTERS.find(each => each.name === name.toLowerCase())
  return filter === undefined ? NOTHING : completeValue(filter, { before, value: value.toLowerCase(), known })
}

function completeName(before: string, letters: string): readonly QueryCompletion[] {
  if (letters.length < LEAST_LETTERS) return []
  return FILTERS.filter(({ name }) => name.startsWith(letters)).map(({ name, summary }) => ({
    title: `${name}:`,
    summary,
    query: `${before}${name}:`,
  }))
}

function completeValue(
  { name, values }: Filter,
  { before, value, known }: { readonly before: string; readonly value: string; readonly known: FilterValues },
): CompletedQuery {
  const fitting = values(known).filter(({ text }) => text.toLowerCase().includes(value))
  const isWritten = fitting.some(({ text }) => text.toLowerCase() === value)
  if (isWritten) return { options: [], isFilter: true }
  const options = fitting.slice(0, MOST_OPTIONS).map(({ text, summary }) => ({
    title: `${name}:${text}`,
    summary,
    query: `${before}${name}:${text} `,
  }))
  return { options, isFilter: true }
}

function named(text: string): Value {
  return { text, summary: '' }
}

function datesOf(today: string): readonly Value[] {
  return [
    { text: today, summary: 'today' },
    { text: today.slice(0, 7), summary: 'this month' },
    { text: today.slice(0, 4), summary: 'this year' },
  ]
}
