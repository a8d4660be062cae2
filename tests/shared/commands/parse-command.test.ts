import { describe, expect, test } from 'vitest'
import { canStandAlone, describeArgument } from '#shared/commands/command.ts'
import { COMMANDS, commandWords, findCommand, type KnownCommand } from '#shared/commands/command-list.ts'
import { escapePrompt } from '#shared/commands/escape-prompt.ts'
import { parseCommand } from '#shared/commands/parse-command.ts'
import { seededRandom } from '../../helpers/seeded-random.ts'

const ALL: readonly KnownCommand[] = COMMANDS

/** What a line came to, short: `temp 0.2`, `prompt: hi`, or the problem. */
function meaning(line: string): string {
  const parsed = parseCommand(line)
  if (parsed.kind === 'prompt') return `prompt: ${parsed.text}`
  if (parsed.kind === 'command') return `${parsed.command.name} ${parsed.value ?? ''}`.trim()
  return `${parsed.field}: ${parsed.message} ${parsed.nearest ?? '-'}`
}

describe('a line in the message box', () => {
  test.each([
    ['hello', 'prompt: hello'],
    ['/temp 0.2', 'temp 0.2'],
    ['/temp 0,2', 'temp 0.2'],
    ['/TEMP default', 'temp default'],
    ['  /temperature   1 ', 'temp 1'],
    ['/max 4096', 'max 4096'],
    ['/reasoning XHIGH', 'reasoning xhigh'],
    ['/enter new line', 'enter new line'],
    ['/system', 'system'],
    ['/system You are terse.\nAnswer in German.', 'system You are terse.\nAnswer in German.'],
    ['/model', 'model'],
    ['/model openai/gpt-5-mini', 'model openai/gpt-5-mini'],
    ['/find lentils and rice', 'search lentils and rice'],
    ['/retry', 'retry'],
  ])('%j is %j', (line, expected) => {
    expect(meaning(line)).toBe(expected)
  })

  test.each([
    ['//temp is a folder', 'prompt: /temp is a folder'],
    ['//', 'prompt: /'],
    ['///', 'prompt: //'],
    ['/usr/bin/env node', 'prompt: /usr/bin/env node'],
    ['/etc/hosts', 'prompt: /etc/hosts'],
    ['/* a comment */', 'prompt: /* a comment */'],
    ['/ alone', 'prompt: / alone'],
    ['/2 of 3', 'prompt: /2 of 3'],
    ['5 /temp', 'prompt: 5 /temp'],
  ])('%j is a prompt', (line, expected) => {
    expect(meaning(line)).toBe(expected)
  })

  test.each([
    [
      '/modle gpt-5',
      '/modle: No command has this name. The nearest is /model. Two slashes send it as it stands. /model gpt-5',
    ],
    ['/home', '/home: No command has this name. Two slashes send it as it stands. -'],
    ['/temp', 'temperature: It is a number from 0 to 2, or default. -'],
    ['/temp 5', 'temperature: It is a number from 0 to 2, or default. /temp 2'],
    ['/temp warm', 'temperature: It is a number from 0 to 2, or default. -'],
    ['/temp 0x1', 'temperature: It is a number from 0 to 2, or default. -'],
    ['/max 0.5', 'tokens: It is a whole number from 1 to 1000000, or default. /max 1'],
    ['/theme grene', 'theme: It is one of auto, green, amber, paper, night, contrast. /theme green'],
    ['/rename', 'title: Write it behind /rename. -'],
    ['/open', 'title: Say which: the title of a chat. -'],
    ['/stop now', 'stop: Nothing stands behind /stop. /stop'],
  ])('%j names the field, what would be right and what may be meant', (line, expected) => {
    expect(meaning(line)).toBe(expected)
  })

  test('an unknown name may be meant as a prompt, a wrong argument is not', () => {
    expect(parseCommand('/home sweet home')).toMatchObject({ kind: 'problem', mayBePrompt: true })
    expect(parseCommand('/temp 9')).toMatchObject({ kind: 'problem', mayBePrompt: false })
  })

  test('a text that is too long for its field is refused', () => {
    expect(meaning(`/rename ${'x'.repeat(301)}`)).toBe('title: It is longer than 300 characters. -')
  })
})

describe('the list of commands', () => {
  test('gives each name and alias to one command', () => {
    const words = ALL.flatMap(({ name, aliases }) => [name, ...aliases])

    expect(new Set(words).size).toBe(words.length)
    expect(words.filter(word => !/^[a-z][a-z-]*$/.test(word))).toEqual([])
    expect(commandWords()).toHaveLength(words.length)
  })

  test('reads on from the name in a few words without a full stop', () => {
    for (const { summary } of ALL) expect(summary).toMatch(/^[^.A-Z]{5,45}$/)
  })

  test('says of each argument what it may be', () => {
    for (const { argument } of ALL) expect(describeArgument(argument).length).toBeGreaterThan(2)
  })
})

describe('for any text at all', () => {
  const ALPHABET = [
    '/',
    ' ',
    '\n',
    'a',
    'm',
    'temp',
    'model',
    '-',
    '0',
    '.5',
    ',',
    'é',
    '😀',
    '漢',
    'default',
    '>',
    '\t',
  ]

  test('a line is a prompt, a command or a problem with words, and an escaped prompt comes out as it went in', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 5_000; round++) {
      const text = randomText(random, ALPHABET).trim()
      const parsed = parseCommand(text)

      if (parsed.kind === 'problem') expect(parsed.message).not.toBe('')
      if (parsed.kind === 'command') expect(findCommand(parsed.command.name)).toBe(parsed.command)
      expect(parseCommand(escapePrompt(text))).toEqual({ kind: 'prompt', text })
    }
  })

  test('what a problem offers instead is a line that can be run, or says what is missing from it', () => {
    const random = seededRandom(11)
    for (let round = 0; round < 3_000; round++) {
      const command = ALL[Math.floor(random() * ALL.length)]
      if (command === undefined) continue
      const parsed = parseCommand(`/${command.name} ${randomText(random, ALPHABET)}`)
      if (parsed.kind !== 'problem' || parsed.nearest === null) continue

      expect(parseCommand(parsed.nearest).kind).toBe('command')
    }
  })

  test('a misspelt name finds its command', () => {
    const random = seededRandom(13)
    for (const { name } of ALL.filter(command => command.name.length > 3)) {
      const at = 1 + Math.floor(random() * (name.length - 2))
      const swapped = name.slice(0, at) + (name[at + 1] ?? '') + (name[at] ?? '') + name.slice(at + 2)
      const parsed = parseCommand(`/${swapped}`)
      if (findCommand(swapped) !== null) continue

      expect(parsed).toMatchObject({ kind: 'problem', nearest: `/${name}` })
    }
  })

  test('a command that can stand alone does', () => {
    for (const command of ALL) {
      expect(parseCommand(`/${command.name}`).kind).toBe(canStandAlone(command) ? 'command' : 'problem')
    }
  })
})

function randomText(random: () => number, alphabet: readonly string[]): string {
  const length = Math.floor(random() * 8)
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)] ?? '').join('')
}
