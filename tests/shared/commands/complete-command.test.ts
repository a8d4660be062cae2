import { describe, expect, test } from 'vitest'
import { COMMANDS } from '#shared/commands/command-list.ts'
import { type Completion, type CompletionSources, completeCommand, ghostOf } from '#shared/commands/complete-command.ts'
import { matchWord, type Range } from '#shared/commands/match-words.ts'
import { parseCommand } from '#shared/commands/parse-command.ts'
import { resolveCandidate } from '#shared/commands/resolve-candidate.ts'
import { seededRandom } from '../../helpers/seeded-random.ts'

const plain = (text: string) => ({ value: text, text, detail: '' })
const SOURCES: CompletionSources = {
  model: ['anthropic/claude-sonnet-4-5', 'openai/gpt-5-mini', 'ollama/qwen3:4b'].map(plain),
  persona: [],
  conversation: [
    { value: '1', text: 'Data model for recipes', detail: '11 sep' },
    { value: '2', text: 'Modern English', detail: '2 aug' },
    { value: '3', text: 'Weekly meal plan', detail: 'sun' },
  ],
}

function complete(text: string, hasConversations = false): Completion {
  return completeCommand({ text, sources: SOURCES, hasConversations })
}

function marked(text: string, ranges: readonly Range[]): string {
  return ranges
    .toReversed()
    .reduce((all, [start, end]) => `${all.slice(0, start)}[${all.slice(start, end)}]${all.slice(end)}`, text)
}

describe('completing a command', () => {
  test('puts the name that begins so first, then names with a word or letters like it, then what is said of them', () => {
    const titles = complete('m').options.map(({ title, ranges }) => marked(title, ranges))

    expect(titles.slice(0, 3)).toEqual(['[m]odel', '[m]ax', 'te[m]p'])
    expect(titles).toContain('syste[m]')
  })

  test('finds a name by letters that lie apart, and by an alias', () => {
    expect(complete('rwt').options[0]).toMatchObject({ title: 'retry-with' })
    expect(complete('temperature').options[0]).toMatchObject({ title: 'temp', ranges: [] })
  })

  test('does not look for a single letter in what is said of a command', () => {
    expect(complete('m').options.every(({ title }) => title.includes('m'))).toBe(true)
  })

  test('finds by what is said of a command, and marks it there', () => {
    const found = complete('another').options.map(({ title, summary, summaryRanges }) => [
      title,
      marked(summary, summaryRanges),
    ])

    expect(found).toContainEqual(['open', '[another] chat'])
    expect(found).toContainEqual(['retry-with', '[another] model'])
  })

  test('offers chats beside commands where that is wanted, by their titles', () => {
    const { options, total } = complete('mod', true)

    expect(total).toBe(COMMANDS.length + 3)
    expect(options.map(({ kind, title, ranges }) => [kind, marked(title, ranges)])).toEqual(
      expect.arrayContaining([
        ['command', '[mod]el'],
        ['conversation', 'Data [mod]el for recipes'],
        ['conversation', '[Mod]ern English'],
      ]),
    )
    expect(options.find(({ title }) => title === 'Modern English')).toMatchObject({ line: 'open 2', group: 'chats' })
  })

  test('offers every command to an empty line', () => {
    expect(complete('').options.map(({ title }) => title)).toEqual(COMMANDS.map(({ name }) => name))
  })

  test('runs what can stand alone and goes on writing what cannot', () => {
    expect(complete('retry').options[0]).toMatchObject({ line: 'retry', insert: 'retry', key: 'r' })
    expect(complete('temp').options[0]).toMatchObject({ line: null, insert: 'temp ' })
  })
})

describe('completing an argument', () => {
  test('offers the models there are, with a second meaning', () => {
    expect(complete('model gpt').options).toMatchObject([
      { title: 'openai/gpt-5-mini', line: 'model openai/gpt-5-mini', second: 'default openai/gpt-5-mini' },
    ])
  })

  test('offers a model that is in no list, if it could be one', () => {
    expect(complete('model groq/llama-3.3').options).toMatchObject([
      { line: 'model groq/llama-3.3', summary: 'not listed' },
    ])
    expect(complete('model mistral').options).toEqual([])
  })

  test('offers the values of a choice, the best first', () => {
    expect(complete('theme n').options.map(({ line }) => line)).toEqual([
      'theme night',
      'theme green',
      'theme contrast',
    ])
  })

  test('puts what has just these words before what has more', () => {
    const conversation = ['A key? How do I add (copy)', 'How do I add a key? (copy)', 'How do I add a key?'].map(plain)
    const { options } = completeCommand({
      text: 'open how do I add a key?',
      sources: { ...SOURCES, conversation },
      hasConversations: false,
    })

    expect(options.map(({ title }) => title)).toEqual(conversation.map(({ text }) => text).toReversed())
  })

  test('says what a number may be, and runs one that is right', () => {
    expect(complete('temp ').options[0]).toMatchObject({ summary: 'a number from 0 to 2, or default', line: null })
    expect(complete('temp 0.4').options[0]).toMatchObject({ title: 'temp 0.4', line: 'temp 0.4' })
    expect(complete('temp 7').options[0]).toMatchObject({
      summary: 'It is a number from 0 to 2, or default.',
      line: null,
    })
  })

  test('offers chats by their titles and runs them by their ids', () => {
    expect(complete('open weekly').options).toMatchObject([{ insert: 'open Weekly meal plan', line: 'open 3' }])
  })
})

describe('what may follow', () => {
  test.each([
    ['mo', 'del name'],
    ['rena', 'me title'],
    ['retr', 'y'],
    ['theme ni', 'ght'],
    ['temp ', 'temperature'],
  ])('behind %j is %j', (text, ghost) => {
    expect(ghostOf(text, complete(text).options[0] ?? null)).toBe(ghost)
  })

  test('is nothing where the best option does not begin with what is written', () => {
    expect(ghostOf('odel', complete('odel').options[0] ?? null)).toBe('')
  })
})

describe('for any words', () => {
  test('the letters marked are those that were written, in their order, and every line offered can be run', () => {
    const random = seededRandom(3)
    const letters = 'abcdelmnoprstuwy -'
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from(
        { length: Math.floor(random() * 7) },
        () => letters[Math.floor(random() * letters.length)],
      ).join('')
      for (const option of complete(text, true).options) {
        if (option.line !== null) expect(parseCommand(`/${option.line}`).kind).toBe('command')
        for (const [start, end] of [...option.ranges, ...option.summaryRanges]) expect(end).toBeGreaterThan(start)
      }
    }
  })

  test('a word is found in a text exactly where the text has it', () => {
    const random = seededRandom(5)
    const text = 'The Quick brown fox, retry-with 漢字 İstanbul'
    for (let round = 0; round < 500; round++) {
      const start = Math.floor(random() * text.length)
      const word = text.slice(start, start + 1 + Math.floor(random() * 6))
      const match = matchWord(word, text, { isLoose: false })

      const [[from, to] = [0, 0]] = match?.ranges ?? []
      expect(text.slice(from, to).toLowerCase()).toBe(word.toLowerCase())
    }
  })

  test('time is linear in the text', () => {
    expect(matchWord('ab'.repeat(50), 'a'.repeat(100_000), { isLoose: false })).toBeNull()
  })
})

describe('naming one of several', () => {
  test('takes the one that is called so, else the only one with these words', () => {
    expect(resolveCandidate('Modern english', SOURCES.conversation)).toEqual({ kind: 'found', value: '2' })
    expect(resolveCandidate('meal', SOURCES.conversation)).toEqual({ kind: 'found', value: '3' })
  })

  test('does not guess among several, and says which is near where none fits', () => {
    expect(resolveCandidate('mod', SOURCES.conversation)).toEqual({
      kind: 'unclear',
      several: true,
      nearest: 'Data model for recipes',
    })
    expect(resolveCandidate('weekly meel plan', SOURCES.conversation)).toEqual({
      kind: 'unclear',
      several: false,
      nearest: 'Weekly meal plan',
    })
  })
})
