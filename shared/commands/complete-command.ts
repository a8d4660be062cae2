import { parseModelId } from '../models.ts'
import { type CommandGroup, canStandAlone, describeArgument, type LiveKind } from './command.ts'
import { COMMANDS, findCommand, type KnownCommand } from './command-list.ts'
import { keyOf } from './key-map.ts'
import { joinRanges, matchWord, type Range } from './match-words.ts'
import { parseCommand } from './parse-command.ts'

/** Something an argument can name: a model, a persona, a chat. */
export type Candidate = {
  /** What stands in the line for it. */
  readonly value: string
  readonly text: string
  /** Said beside it: a price, a date. */
  readonly detail: string
}

/** What is there at the moment, each list in the order it should be offered. */
export type CompletionSources = Readonly<Record<LiveKind, readonly Candidate[]>>

/** One row of the slash menu and the palette. */
export type Option = {
  readonly id: string
  readonly group: CommandGroup
  readonly kind: 'command' | 'argument' | 'conversation'
  /** A command's name, or what an argument may be. */
  readonly title: string
  /** The letters of the title that match. */
  readonly ranges: readonly Range[]
  readonly summary: string
  readonly summaryRanges: readonly Range[]
  /** The key that does the same, as `keyOf` names it; else null. */
  readonly key: string | null
  /** What the line becomes when it is completed. */
  readonly insert: string
  /** The line that it runs; null where something is still to be written. */
  readonly line: string | null
  /** What it runs in its second meaning; null where it has none. */
  readonly second: string | null
}

export type Completion = {
  /** The best first. */
  readonly options: readonly Option[]
  /** How many there are to choose from. */
  readonly total: number
}

type CompletionRequest = {
  /** The line without its slash. */
  readonly text: string
  readonly sources: CompletionSources
  /** Offers chats beside the commands. */
  readonly hasConversations: boolean
}

const MOST_CONVERSATIONS = 8
const MOST_CANDIDATES = 60
const RECENT_CONVERSATIONS = 4

/** What a line that is being written may become: commands (and chats) by their names, behind a command's name its arguments. */
export function completeCommand({ text, sources, hasConversations }: CompletionRequest): Completion {
  const [, name = '', rest = null] = /^\s*([a-z-]+)(?:\s+([\s\S]*))?$/i.exec(text) ?? []
  const command = rest === null ? null : findCommand(name)
  if (command !== null && command.argument.kind !== 'none') return completeArgument(command, rest ?? '', sources)
  const words = wordsOf(text)
  const commands = COMMANDS.flatMap((known: KnownCommand) => matchCommand(words, known) ?? [])
  if (!hasConversations) return { options: rank(commands), total: COMMANDS.length }
  const most = text.trim() === '' ? RECENT_CONVERSATIONS : MOST_CONVERSATIONS
  const chats = rank(sources.conversation.flatMap(chat => matchConversation(words, chat) ?? [])).slice(0, most)
  const total = COMMANDS.length + sources.conversation.length
  return { options: rank([...commands, ...chats]), total }
}

/** What is still missing behind the text: the rest of the best option, and what its argument is called. */
export function ghostOf(text: string, option: Option | null): string {
  if (option === null || text.trim() === '') return ''
  const command = findCommand(option.kind === 'command' ? option.title : (/^\S+/.exec(option.insert)?.[0] ?? ''))
  const argument = command?.argument
  const name = argument === undefined || argument.kind === 'none' ? '' : argument.name
  if (option.kind === 'argument' && option.line === null) return text.endsWith(' ') ? name : ''
  if (!option.insert.startsWith(text)) return ''
  const rest = option.insert.slice(text.length)
  return option.kind === 'command' && name !== '' ? `${rest.trimEnd()} ${name}` : rest
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter(word => word !== '')
}

type Ranked = Option & { readonly score: number }

function rank(options: readonly Ranked[]): readonly Ranked[] {
  return options.toSorted((left, right) => right.score - left.score)
}

function matchCommand(words: readonly string[], command: KnownCommand): Ranked | null {
  let score = 0
  const [ranges, summaryRanges]: [Range[], Range[]] = [[], []]
  for (const word of words) {
    const inName = matchWord(word, command.name, { isLoose: true })
    const inAlias = command.aliases.some(alias => alias.startsWith(word.toLowerCase()))
    // One letter is in nearly every sentence.
    const inSummary = word.length > 1 ? matchWord(word, command.summary, { isLoose: false }) : null
    // A name beats what is said of it, an alias lies between.
    if (inName !== null && (inName.score >= 40 || (inSummary === null && !inAlias))) {
      score += inName.score
      ranges.push(...inName.ranges)
    } else if (inAlias) score += 35
    else if (inSummary !== null) {
      score += inSummary.score / 4
      summaryRanges.push(...inSummary.ranges)
    } else return null
  }
  const standsAlone = canStandAlone(command)
  return {
    id: `command-${command.name}`,
    group: command.group,
    kind: 'command',
    title: command.name,
    ranges: joinRanges(ranges),
    summary: command.summary,
    summaryRanges: joinRanges(summaryRanges),
    key: keyOf(command.name),
    insert: command.argument.kind === 'none' ? command.name : `${command.name} `,
    line: standsAlone ? command.name : null,
    second: null,
    score,
  }
}

function matchConversation(words: readonly string[], chat: Candidate): Ranked | null {
  const match = matchTitle(words, chat.text, false)
  if (match === null) return null
  return {
    ...match,
    id: `chat-${chat.value}`,
    group: 'chats',
    kind: 'conversation',
    title: chat.text,
    summary: chat.detail,
    summaryRanges: [],
    key: null,
    insert: `open ${chat.text}`,
    line: `open ${chat.value}`,
    second: null,
  }
}

function matchTitle(
  words: readonly string[],
  title: string,
  isLoose: boolean,
): { readonly score: number; readonly ranges: readonly Range[] } | null {
  // The words as they stand, together, beat the same words here and there.
  const whole = words.length > 1 ? matchWord(words.join(' '), title, { isLoose: false }) : null
  if (whole !== null) return { score: whole.score * words.length + 1, ranges: whole.ranges }
  const matches = words.map(word => matchWord(word, title, { isLoose }))
  if (matches.includes(null)) return null
  return {
    score: matches.reduce((sum, match) => sum + (match?.score ?? 0), 0),
    ranges: joinRanges(matches.flatMap(match => match?.ranges ?? [])),
  }
}

function completeArgument(command: KnownCommand, written: string, sources: CompletionSources): Completion {
  const { argument } = command
  switch (argument.kind) {
    case 'model':
      return completeFrom(command, written, [...sources.model, ...unlisted(written, sources.model)])
    case 'persona':
    case 'conversation':
      return completeFrom(command, written, sources[argument.kind])
    case 'choice':
      return completeFrom(command, written, argument.values.map(plainCandidate))
    case 'number': {
      const words = completeFrom(command, written, argument.words.map(plainCandidate))
      const said = sayArgument(command, written)
      return { options: [said, ...words.options], total: 1 + words.total }
    }
    case 'text':
    case 'none':
      return { options: [sayArgument(command, written)], total: 1 }
    default:
      return argument satisfies never
  }
}

/** A model that is in no list may exist all the same: what is written, if it reads as `provider/model`. */
function unlisted(written: string, models: readonly Candidate[]): readonly Candidate[] {
  const id = written.trim()
  const isOne = parseModelId(id) !== null && !/\s/.test(id) && models.every(({ value }) => value !== id)
  return isOne ? [{ value: id, text: id, detail: 'not listed' }] : []
}

function plainCandidate(value: string): Candidate {
  return { value, text: value, detail: '' }
}

function completeFrom(command: KnownCommand, written: string, candidates: readonly Candidate[]): Completion {
  const words = wordsOf(written)
  const found = candidates.flatMap((candidate): readonly Ranked[] => {
    const match = matchTitle(words, candidate.text, true)
    if (match === null) return []
    const line = `${command.name} ${candidate.value}`
    return [
      {
        ...match,
        id: `argument-${candidate.value}`,
        group: command.group,
        kind: 'argument',
        title: candidate.text,
        summary: candidate.detail,
        summaryRanges: [],
        key: null,
        insert: `${command.name} ${candidate.text}`,
        line,
        second: command.name === 'model' ? `default ${candidate.value}` : null,
      },
    ]
  })
  return { options: rank(found).slice(0, MOST_CANDIDATES), total: candidates.length }
}

/** A row that says what may stand there, or what is wrong with what does. */
function sayArgument(command: KnownCommand, written: string): Option {
  const line = `${command.name} ${written}`.trim()
  const parsed = parseCommand(`/${line}`)
  const isRight = parsed.kind === 'command' && (written.trim() !== '' || canStandAlone(command))
  const summary =
    parsed.kind === 'problem' && written.trim() !== '' ? parsed.message : describeArgument(command.argument)
  return {
    id: 'argument-written',
    group: command.group,
    kind: 'argument',
    title: written.trim() === '' ? command.name : line,
    ranges: [],
    summary,
    summaryRanges: [],
    key: null,
    insert: `${command.name} ${written}`,
    line: isRight ? line : null,
    second: null,
  }
}
