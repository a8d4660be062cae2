import { describe, expect, test } from 'vitest'
import { completeQuery, type FilterValues } from '#shared/search-completion.ts'
import { parseQuery } from '#shared/search-query.ts'

const KNOWN: FilterValues = {
  models: ['anthropic/claude-sonnet-4.5', 'openai/gpt-5', 'openai/gpt-5-mini'],
  tags: ['home', 'work'],
  today: '2026-11-23',
}
const titles = (query: string) => completeQuery(query, KNOWN).options.map(({ title }) => title)
const queries = (query: string) => completeQuery(query, KNOWN).options.map(option => option.query)

describe('a query is completed', () => {
  test.each([
    ['wal mo', ['model:']],
    ['-ta', ['tag:']],
    ['IN', ['in:']],
    ['in:', ['in:title']],
    ['has:c', ['has:code']],
    ['is:', ['is:pinned', 'is:archived']],
    ['tag:o', ['tag:home', 'tag:work']],
    ['model:mini', ['model:openai/gpt-5-mini']],
    ['after:2026-', ['after:2026-11-23', 'after:2026-11']],
    ['before:', ['before:2026-11-23', 'before:2026-11', 'before:2026']],
  ])('%s', (query, expected) => {
    expect(titles(query)).toEqual(expected)
  })

  test('with what stood before it, and a space where the next word can follow', () => {
    expect(queries('wal -tag:w')).toEqual(['wal -tag:work '])
    expect(queries('wal mo')).toEqual(['wal model:'])
  })

  test('by filters that the search understands, each of them', () => {
    const names = ['in', 'mo', 'ta', 'ro', 'ha', 'is', 'be', 'af'].flatMap(queries)
    const whole = names.flatMap(queries)

    expect(whole.length).toBeGreaterThan(names.length)
    expect(whole.flatMap(query => parseQuery(query).problems)).toEqual([])
  })
})

test.each(['', 'm', 'words', 'model: ', 'http:', '"a phrase mo', 'tag:home', 'has:x', 'x:y'])(
  'nothing is offered behind “%s”',
  query => {
    expect(queries(query)).toEqual([])
  },
)
