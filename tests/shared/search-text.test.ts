import { describe, expect, test } from 'vitest'
import { parseQuery } from '#shared/search-query.ts'
import { findMatches, holdsParts, indexableText } from '#shared/search-text.ts'

const partsOf = (query: string) => parseQuery(query).parts

test.each([
  ['Hello, World!', 'hello world'],
  ['東京2026', '東 京 2026'],
  ['set🤖go', 'set go'],
  ['cafe\u0301 CAFÉ', 'cafe cafe'],
  ['ÅNGSTRÖM Straße İzmir', 'angstrom straße izmir'],
  ['がか', 'が か'],
  ['한국어', '한국어'],
  ['', ''],
])('%j is indexed as %j', (text, indexed) => {
  expect(indexableText(text)).toBe(indexed)
})

describe('matches', () => {
  const marked = (text: string, query: string) =>
    findMatches(text, partsOf(query), 1000).map(([start, end]) => text.slice(start, end))

  test('keep their place behind characters that fold to fewer', () => {
    const text = `${'e\u0301\u0302'.repeat(50)} İ needle e\u0301 needle`

    expect(marked(text, 'needle ')).toEqual(['needle', 'needle'])
  })

  test('take marks along that stand behind their last letter', () => {
    expect(marked('un cafe\u0301\u0323.', 'cafe ')).toEqual(['cafe\u0301\u0323'])
  })

  test('are joined where they lie over one another', () => {
    expect(findMatches('wal mode on', partsOf('"wal mode" mode wal '), 1000)).toEqual([[0, 8]])
  })

  test('begin with the first, and end where the span does', () => {
    expect(findMatches('- cat cat - cat', partsOf('cat '), 9)).toEqual([
      [2, 5],
      [6, 9],
    ])
    expect(findMatches('- cat cat - cat', partsOf('cat '), 10)).toEqual([
      [2, 5],
      [6, 9],
      [12, 15],
    ])
  })

  test('of 200 000 characters are found without a stall, whatever text and query', () => {
    const texts = ['a '.repeat(100_000), 'e\u0301'.repeat(100_000), ...['東', 'a', ' '].map(one => one.repeat(200_000))]
    const queries = ['a '.repeat(250), `"${'a '.repeat(249)}"`, 'b', '東'.repeat(500), `${'a '.repeat(200)}b `]
    const started = performance.now()

    for (const text of texts) for (const query of queries) findMatches(text, partsOf(query), 160)

    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('a title holds', () => {
  test.each([
    ['Test plan for résumé', 'resume plan ', true],
    ['Test plan for résumé', 'res', true],
    ['Test plan for résumé', 'res ', false],
    ['Test plan for résumé', '"plan test" ', false],
    ['東京の天気', '京の', true],
  ])('%s: %s is %s', (title, query, isHeld) => {
    expect(holdsParts(title, partsOf(query))).toBe(isHeld)
  })
})
