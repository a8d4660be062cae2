import { describe, expect, test } from 'vitest'
import { findMatches, indexableText, matchExpression, parseSearch } from '#shared/search-text.ts'

describe('a query is understood as', () => {
  test.each([
    ['cheap "wal mode" 東京 sync', '"cheap" AND "wal mode" AND "東 京" AND "sync"*'],
    ['sync ', '"sync"'],
    ['"wal mode"', '"wal mode"'],
    ['"wal mo', '"wal mo"*'],
    ["don't stop ", '"don t" AND "stop"'],
    ['a OR b*', '"a" AND "or" AND "b"*'],
    ['NEAR(a b)', '"near a" AND "b"*'],
    ['Café ΑΘΉΝΑΣ ', '"cafe" AND "αθηνασ"'],
    ['""a"" ', '"a"'],
  ])('%s → %s', (query, expression) => {
    expect(matchExpression(parseSearch(query))).toBe(expression)
  })

  test.each(['', ' ', '"', '""', '***', '🎉', '"-"', '\u0301'])('nothing: %j', query => {
    expect(matchExpression(parseSearch(query))).toBeNull()
  })
})

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
    findMatches(text, parseSearch(query), 1000).map(([start, end]) => text.slice(start, end))

  test('keep their place behind characters that fold to fewer', () => {
    const text = `${'e\u0301\u0302'.repeat(50)} İ needle e\u0301 needle`

    expect(marked(text, 'needle ')).toEqual(['needle', 'needle'])
  })

  test('take marks along that stand behind their last letter', () => {
    expect(marked('un cafe\u0301\u0323.', 'cafe ')).toEqual(['cafe\u0301\u0323'])
  })

  test('are joined where they lie over one another', () => {
    expect(findMatches('wal mode on', parseSearch('"wal mode" mode wal '), 1000)).toEqual([[0, 8]])
  })

  test('begin with the first, and end where the span does', () => {
    expect(findMatches('- cat cat - cat', parseSearch('cat '), 9)).toEqual([
      [2, 5],
      [6, 9],
    ])
    expect(findMatches('- cat cat - cat', parseSearch('cat '), 10)).toEqual([
      [2, 5],
      [6, 9],
      [12, 15],
    ])
  })

  test('of a million characters are found without a stall, whatever text and query', () => {
    const texts = [
      'a '.repeat(500_000),
      'e\u0301'.repeat(500_000),
      ...['東', 'a', ' '].map(one => one.repeat(1_000_000)),
    ]
    const queries = ['a '.repeat(250), `"${'a '.repeat(249)}"`, 'b', '東'.repeat(500), `${'a '.repeat(200)}b `]
    const started = performance.now()

    for (const text of texts) for (const query of queries) findMatches(text, parseSearch(query), 160)

    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
