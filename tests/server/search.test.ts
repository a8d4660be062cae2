import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '#shared/records.ts'
import type { SearchHit } from '../../server/search/search-service.ts'
import { anyAtom, anyText, plainWords } from '../helpers/random-search-text.ts'
import { readRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { seededRandom } from '../helpers/seeded-random.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

let replay: Replay
let server: TestServer
let conversationId: string

beforeAll(async () => {
  replay = await startReplay(findRecordings('openai-samples'))
})

afterAll(async () => {
  await replay.close()
})

beforeEach(async () => {
  server = await startTestServer({ environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` } })
  conversationId = (await (await server.request('/api/conversations', { body: { title: 'Searched' } })).json()).id
})

afterEach(async () => {
  await server.close()
})

/** Stores texts as prompts, in order; their answers are recorded ones that no search here looks for. */
async function store(...texts: readonly string[]): Promise<void> {
  for (const message of texts) {
    const body = {
      model: 'replay/fixture:openai-samples/chat-plain',
      conversation_id: conversationId,
      parent_id: null,
      message,
    }
    expect((await readRun(await server.request('/api/chat/stream', { body }))).error).toBeNull()
  }
}

async function search(query: string, limit = 100): Promise<SearchHit[]> {
  const answer = await server.request(`/api/search?q=${encodeURIComponent(query)}&limit=${limit}`)
  expect(answer.status, query).toBe(200)
  return answer.json()
}

test('a filter that says nothing is refused by its name, for what is found without it is another answer', async () => {
  const answer = await server.request('/api/search?q=fox+before:yesterday')

  expect(answer.status).toBe(400)
  expect((await answer.json()).error).toMatchObject({
    field: 'q',
    message: 'before: is followed by a day like 2026-11-23, a month or a year, not by “yesterday”.',
  })
})

/** Each hit's snippet with its matches in brackets. */
function marked({ snippet, offsets }: SearchHit): string {
  return offsets
    .toReversed()
    .reduce((text, [start, end]) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`, snippet)
}

describe('a search finds and marks', () => {
  test.each<[what: string, text: string, query: string, shown: string]>([
    ['a word', 'the quick brown fox', 'quick ', 'the [quick] brown fox'],
    ['a word in capitals', 'The QUICK fox', 'quick ', 'The [QUICK] fox'],
    ['the beginning of the last word', 'the quick brown fox', 'qui', 'the [qui]ck brown fox'],
    ['every word, in any order', 'the quick brown fox', 'fox quick ', 'the [quick] brown [fox]'],
    ['a word wherever it stands, and not where it only begins another', 'category of cat', 'cat ', 'category of [cat]'],
    ['a phrase', 'mode wal, then wal mode', '"wal mode"', 'mode wal, then [wal mode]'],
    ['a phrase over punctuation and lines', 'wal-\nmode', '"wal mode"', '[wal-\nmode]'],
    ['a phrase that is not closed yet', 'the wal mode', '"wal mo', 'the [wal mo]de'],
    ['a phrase, not its words grown together', 'walmode or wal mode', '"wal mode"', 'walmode or [wal mode]'],
    ['a word with an apostrophe', 'we don’t', "don't ", 'we [don’t]'],
    ['a name with underscores', 'set tokens_input now', 'tokens_input ', 'set [tokens_input] now'],
    ['a number', 'version 24.21.0', '24.21 ', 'version [24.21].0'],
    ['accents that were not typed', 'un café à Đà Nẵng', 'cafe nang ', 'un [café] à Đà [Nẵng]'],
    ['accents that were typed but are not there', 'a cafe', 'café ', 'a [cafe]'],
    ['accents in two parts', 'a cafe\u0301 now', 'café ', 'a [cafe\u0301] now'],
    ['Vietnamese', 'tiếng Việt', 'tieng viet ', '[tiếng] [Việt]'],
    ['Romanian, Polish and Turkish', 'Iași, Łódź, İzmir', 'iasi izmir ', '[Iași], Łódź, [İzmir]'],
    [
      'Greek without its accents, whatever its last sigma',
      'Η Αθήνα, ο Όλυμπος',
      'αθηνα ΟΛΥΜΠΟΣ ',
      'Η [Αθήνα], ο [Όλυμπος]',
    ],
    ['Russian without its dots', 'Ёлка и йод', 'елка ', '[Ёлка] и йод'],
    ['Arabic without its vowels', 'كِتَاب', 'كتاب ', '[كِتَاب]'],
    ['Chinese inside a sentence', '我住在東京都港区', '東京', '我住在[東京]都港区'],
    ['Chinese beside Latin', 'see 東京2026 and abc東京', 'abc東京', 'see 東京2026 and [abc東京]'],
    ['Chinese as it stands, not in another order', '京東 then 東京', '東京 ', '京東 then [東京]'],
    ['Japanese, where a mark makes another letter', 'かき と がき', 'がき', 'かき と [がき]'],
    ['Thai', 'สวัสดีชาวโลก', 'ชาว', 'สวัสดี[ชาว]โลก'],
    ['Hindi', 'यह हिन्दी है', 'हिन्दी ', 'यह [हिन्दी] है'],
    ['Korean', '한국어 문서', '한국', '[한국]어 문서'],
    ['a word beside an emoji', 'ready🤖set🚀go 🥳party', 'set party ', 'ready🤖[set]🚀go 🥳[party]'],
    ['a word in a query with emoji', 'the party', '🎉 party 🎉', 'the [party]'],
    ['parts that overlap once', 'synchronise', 'sync synchro', ''],
  ])('%s', async (_, text, query, shown) => {
    await store(text)

    const hits = await search(query)

    expect(hits.map(marked)).toEqual(shown === '' ? [] : [shown])
  })

  test('overlapping parts as one stretch', async () => {
    await store('wal mode on')

    expect((await search('"wal mode" mode on ')).map(marked)).toEqual(['[wal mode] [on]'])
  })
})

describe('an operator of the index is text like any other', () => {
  test.each<[query: string, text: string, isFound: boolean]>([
    ['cats AND ', 'cats AND dogs', true],
    ['cats AND ', 'cats dogs', false],
    ['cats OR dogs ', 'cats OR dogs', true],
    ['cats OR dogs ', 'cats', false],
    ['NOT dogs ', 'NOT cats but dogs', true],
    ['cats NOT dogs ', 'cats', false],
    ['NEAR(cats dogs) ', 'near cats and dogs', true],
    ['NEAR(cats dogs) ', 'cats dogs', false],
    ['sta* ', 'sta* as it stands', true],
    ['sta* ', 'star', false],
    ['content:filter ', 'the content: filter', true],
    ['content:filter ', 'filter', false],
    ['^caret ', 'the caret', true],
    ['-sign ', 'sign', true],
    ['a + b ', 'b a', true],
    ['{brace} (less) ', 'less brace', true],
    ['"quote" "" "end', 'the end of a quote', true],
    ["'; DROP TABLE messages; -- semi", 'drop a table of messages, semi', true],
    ['back\\slash ', 'back slash', true],
  ])('%s in %s', async (query, text, isFound) => {
    await store(text)

    expect((await search(query)).map(hit => hit.snippet)).toEqual(isFound ? [text] : [])
  })

  test.each(['*', '""', '"', '🎉', '- + ()', '\u200d', '·', '\u0301'])('%s alone finds nothing', async query => {
    await store('something * 🎉 - + ()')

    expect(await search(query)).toEqual([])
  })

  test('250 words, or 500 signs of an unspaced script, are a query too', async () => {
    await store('a b c', '東'.repeat(600))

    expect(await search('a '.repeat(250))).toHaveLength(1)
    expect(await search('東'.repeat(500))).toHaveLength(1)
  })
})

describe('the answer', () => {
  test('is newest first, and no longer than asked for', async () => {
    await store('apple one', 'apple two', 'apple three')

    expect((await search('apple')).map(hit => hit.snippet)).toEqual(['apple three', 'apple two', 'apple one'])
    expect((await search('apple', 2)).map(hit => hit.snippet)).toEqual(['apple three', 'apple two'])
  })

  test('says where each hit stands', async () => {
    await store('apple pie')
    const { messages } = await (await server.request(`/api/conversations/${conversationId}`)).json()

    expect(await search('apple')).toEqual([
      {
        conversation_id: conversationId,
        conversation_title: 'Searched',
        message_id: messages[0].id,
        role: 'user',
        model: null,
        created_at: messages[0].created_at,
        snippet: 'apple pie',
        offsets: [[0, 5]],
      },
    ])
  })

  test('leaves out the trash', async () => {
    await store('apple pie')
    await server.request(`/api/conversations/${conversationId}`, { method: 'DELETE' })

    expect(await search('apple')).toEqual([])
  })

  test('finds answers as well as prompts', async () => {
    await store('a prompt')
    const { messages } = await (await server.request(`/api/conversations/${conversationId}`)).json()
    const [word = ''] = /\p{L}{4,}/u.exec(messages[1].content) ?? []

    expect((await search(`${word} `)).map(({ message_id, role }) => [message_id, role])).toEqual([
      [messages[1].id, 'assistant'],
    ])
  })

  test('cuts a long text around the first match, between characters', async () => {
    await store(`${'😀'.repeat(500)} needle ${'😀'.repeat(500)}`)

    const [hit] = await search('needle')

    expect(hit?.snippet.isWellFormed()).toBe(true)
    expect(hit?.snippet.length).toBeLessThan(170)
    expect(hit && marked(hit)).toContain('[needle] ')
  })
})

describe('a search of a random corpus', () => {
  function holds(text: readonly string[], part: readonly string[], isPrefix: boolean): boolean {
    return text.some((_, at) =>
      part.every((word, index) => {
        const own = text[at + index]
        return isPrefix && index === part.length - 1 ? own?.startsWith(word) : own === word
      }),
    )
  }

  test.each([1, 2, 3])('finds exactly what a scan finds (seed %i)', async seed => {
    const random = seededRandom(seed)
    const texts = Array.from({ length: 50 }, () => anyText(random))
    await store(...texts)
    const { messages } = await (await server.request(`/api/conversations/${conversationId}`)).json()
    const textOf = new Map(messages.map((message: Message) => [message.id, message.content]))
    let found = 0

    for (let round = 0; round < 120; round++) {
      const isOpen = random() < 0.5
      const isPhrase = random() < 0.4
      const atoms = Array.from({ length: 1 + Math.floor(random() * 2) }, () => anyAtom(random))
      const last = atoms.at(-1) ?? ''
      if (isOpen) atoms[atoms.length - 1] = last.slice(0, 1 + Math.floor(random() * last.length))
      const query = isPhrase ? `"${atoms.join(' ')}${isOpen ? '' : '"'}` : `${atoms.join(' ')}${isOpen ? '' : ' '}`
      const parts = (isPhrase ? [atoms.join(' ')] : atoms).map(plainWords).filter(part => part.length > 0)

      const hits = (await search(query)).filter(hit => hit.role === 'user')

      const expected = texts.filter(
        text =>
          parts.length > 0 &&
          parts.every((part, index) => holds(plainWords(text), part, isOpen && index === parts.length - 1)),
      )
      expect(
        hits.map(hit => textOf.get(hit.message_id)),
        `${JSON.stringify(query)}, seed ${seed}`,
      ).toEqual(expected.toReversed())
      for (const hit of hits) expectMarks(hit, parts, query)
      found += hits.length
    }

    expect(found).toBeGreaterThan(100)
  })

  /** Every part is marked somewhere, and nothing is marked that is no part. */
  function expectMarks(hit: SearchHit, parts: readonly (readonly string[])[], query: string): void {
    const stretches = hit.offsets.map(([start, end]) => plainWords(hit.snippet.slice(start, end)))
    const shown = `${query} in ${marked(hit)}`
    for (const part of parts)
      expect(
        stretches.some(stretch => holds(stretch, part, true)),
        shown,
      ).toBe(true)
    for (const stretch of stretches)
      expect(
        parts.some(part => holds(stretch, part, true)),
        shown,
      ).toBe(true)
    for (const [index, [start, end]] of hit.offsets.entries()) {
      expect(start, shown).toBeGreaterThanOrEqual(hit.offsets[index - 1]?.[1] ?? 0)
      expect(end, shown).toBeGreaterThan(start)
    }
  }
})
