import { describe, expect, test } from 'vitest'
import { type FilterSubject, isSearch, parseQuery, passesFilters } from '#shared/search-query.ts'

/** The words of a query in short: `*` behind an open beginning, `-` before what must not be there. */
function words(query: string): string {
  const { parts, without } = parseQuery(query)
  const inShort = (sign: string) => (part: (typeof parts)[number]) =>
    `${sign}${part.words.join('_')}${part.isPrefix ? '*' : ''}`
  return [...parts.map(inShort('')), ...without.map(inShort('-'))].join(' ')
}

describe('the words of a query', () => {
  test.each([
    ['cheap "wal mode" 東京 sync', 'cheap wal_mode 東_京 sync*'],
    ['sync ', 'sync'],
    ['"wal mode"', 'wal_mode'],
    ['"wal mo', 'wal_mo*'],
    ["don't stop ", 'don_t stop'],
    ['a OR b*', 'a or b*'],
    ['NEAR(a b)', 'near_a b*'],
    ['Café ΑΘΉΝΑΣ ', 'cafe αθηνασ'],
    ['""a"" ', 'a'],
    ['content:filter ', 'content_filter'],
    ['https://example.org/a ', 'https_example_org_a'],
    ['word"a phrase"word ', 'word a_phrase word'],
  ])('%s → %s', (query, inShort) => {
    expect(words(query)).toBe(inShort)
  })

  test.each(['', ' ', '"', '""', '***', '🎉', '"-"', '-', '- -', '\u0301'])('there are none in %j', query => {
    expect(words(query)).toBe('')
    expect(isSearch(parseQuery(query))).toBe(false)
  })
})

describe('what a dash leaves out', () => {
  test.each([
    ['cat -dog ', 'cat -dog'],
    ['cat -"big dog" ', 'cat -big_dog'],
    ['-dog cat', 'cat* -dog'],
    ['cat -do', 'cat -do'],
    ['is:pinned -dog', '-dog'],
    ['mother-in-law ', 'mother_in_law'],
    ['cat - dog ', 'cat dog'],
    ['cat --force ', 'cat force'],
  ])('%s → %s', (query, inShort) => {
    expect(words(query)).toBe(inShort)
  })

  test('is looked for when there is nothing else', () => {
    expect(words('-sign ')).toBe('sign')
    expect(words('-sig')).toBe('sig*')
  })
})

describe('filters', () => {
  test('are read, in capitals too, and with a dash turned round', () => {
    const { filters, parts, problems } = parseQuery(
      'model:Sonnet TAG:"my home" -has:code is:pinned role:user before:2026-02-03 words',
    )

    expect(filters).toEqual([
      { kind: 'model', text: 'sonnet', isNegated: false },
      { kind: 'tag', text: 'my home', isNegated: false },
      { kind: 'has', what: 'code', isNegated: true },
      { kind: 'is', what: 'pinned', isNegated: false },
      { kind: 'role', role: 'user', isNegated: false },
      { kind: 'before', ms: new Date(2026, 1, 3).getTime(), isNegated: false },
    ])
    expect(parts).toEqual([{ words: ['words'], isPrefix: true }])
    expect(problems).toEqual([])
  })

  test('end the word before them', () => {
    expect(words('cat is:pinned')).toBe('cat')
  })

  test('in:title looks in titles', () => {
    expect(parseQuery('in:title cat').isInTitle).toBe(true)
    expect(parseQuery('cat').isInTitle).toBe(false)
  })

  test.each([
    ['2026', new Date(2026, 0, 1)],
    ['2026-11', new Date(2026, 10, 1)],
    ['2026-11-23', new Date(2026, 10, 23)],
  ])('after:%s begins with its first moment', (text, date) => {
    expect(parseQuery(`after:${text}`).filters).toEqual([{ kind: 'after', ms: date.getTime(), isNegated: false }])
  })

  test.each([
    ['before:yesterday', 'before: is followed by a day like 2026-11-23, a month or a year, not by “yesterday”.'],
    ['after:2026-02-31', 'after: is followed by a day like 2026-11-23, a month or a year, not by “2026-02-31”.'],
    ['has:fun', 'has: is followed by code or image, not by “fun”.'],
    ['is:', 'is: is followed by pinned or archived.'],
    ['role:me', 'role: is followed by user, assistant or system, not by “me”.'],
    ['in:chat', 'in: is followed by title, not by “chat”.'],
    ['model:', 'model: is followed by a name.'],
  ])('%s explains itself and leaves the words alone', (filter, problem) => {
    const query = parseQuery(`cat ${filter} `)

    expect(query).toMatchObject({ parts: [{ words: ['cat'] }], filters: [], problems: [problem] })
  })
})

describe('a message meets', () => {
  const subject: FilterSubject = {
    model: 'anthropic/claude-sonnet-4-5',
    role: 'assistant',
    createdAtMs: new Date(2026, 10, 2).getTime(),
    hasCode: true,
    hasImage: false,
    tags: ['Home'],
    isPinned: true,
    isArchived: false,
  }

  test.each([
    ['model:sonnet', true],
    ['-model:sonnet', false],
    ['model:gpt', false],
    ['tag:home', true],
    ['tag:hom', false],
    ['role:assistant -role:user', true],
    ['has:code -has:image', true],
    ['is:pinned', true],
    ['is:archived', false],
    ['after:2026-11 before:2026-12', true],
    ['before:2026-11-02', false],
    ['after:2026-11-02', true],
  ])('%s: %s', (query, isMet) => {
    expect(passesFilters(parseQuery(query).filters, subject)).toBe(isMet)
  })
})
