import { type Argument, canStandAlone, describeArgument, type Value } from './command.ts'
import { commandWords, findCommand, type KnownCommand } from './command-list.ts'
import { nearestWord } from './nearest-word.ts'

/** Why a line is no command: the field that is wrong, what would be right, and what may have been meant. */
type CommandProblem = {
  readonly kind: 'problem'
  /** `/name`, or the name of the argument. */
  readonly field: string
  readonly message: string
  /** What may have been meant, as a whole line; null where nothing is near. */
  readonly nearest: string | null
  /** True where the line may be meant as a prompt: no command has this name. */
  readonly mayBePrompt: boolean
}

export type ParsedLine =
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'command'; readonly command: KnownCommand; readonly value: Value }
  | CommandProblem

/*
 * /temp 0.2        a command and its argument
 * ^name ^value
 * //temp is …      a prompt that begins with a slash
 * /usr/bin/env     a prompt: a name ends with a space or the line
 */
const LINE = /^\/([a-z][a-z-]*)(?:\s+([\s\S]*))?$/i

/** What a line in the message box means: a prompt, a command, or neither, with the reason. */
export function parseCommand(line: string): ParsedLine {
  const text = line.trim()
  if (text.startsWith('//')) return { kind: 'prompt', text: text.slice(1) }
  const [, name, rest = ''] = LINE.exec(text) ?? []
  if (name === undefined) return { kind: 'prompt', text }
  const command = findCommand(name)
  if (command === null) return unknownName(name, rest)
  const parsed = parseArgument(command, rest.trim())
  if ('problem' in parsed) return { ...parsed.problem, kind: 'problem', mayBePrompt: false }
  return { kind: 'command', command, value: parsed.value }
}

type ParsedArgument =
  | { readonly value: Value }
  | { readonly problem: Pick<CommandProblem, 'field' | 'message' | 'nearest'> }

function unknownName(name: string, rest: string): CommandProblem {
  const near = nearestWord(name, commandWords())
  const meant = near === null ? '' : ` The nearest is /${near}.`
  return {
    kind: 'problem',
    field: `/${name}`,
    message: `No command has this name.${meant} Two slashes send it as it stands.`,
    nearest: near === null ? null : `/${near}${rest === '' ? '' : ` ${rest}`}`,
    mayBePrompt: true,
  }
}

function parseArgument(command: KnownCommand, text: string): ParsedArgument {
  const { argument } = command
  if (text === '' && canStandAlone(command)) return { value: null }
  switch (argument.kind) {
    case 'none':
      return wrong(command, `Nothing stands behind /${command.name}.`, '')
    case 'number':
      return parseNumber(command, argument, text)
    case 'choice': {
      const value = argument.values.find(known => known === text.toLowerCase())
      return value === undefined ? wrongChoice(command, argument.values, text) : { value }
    }
    case 'text':
      if (text === '') return wrong(command, `Write it behind /${command.name}.`, null)
      return text.length > argument.most
        ? wrong(command, `It is longer than ${argument.most} characters.`, null)
        : { value: text }
    case 'model':
    case 'persona':
    case 'conversation':
      return text === '' ? wrong(command, `Say which: ${describeArgument(argument)}.`, null) : { value: text }
    default:
      return argument satisfies never
  }
}

function parseNumber(
  command: KnownCommand,
  argument: Extract<Argument, { kind: 'number' }>,
  text: string,
): ParsedArgument {
  const word = argument.words.find(known => known === text.toLowerCase())
  if (word !== undefined) return { value: word }
  // Half of the world writes a comma there.
  const number = /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN
  const isRight = number >= argument.least && number <= argument.most && (!argument.isWhole || Number.isInteger(number))
  if (isRight) return { value: number }
  const nearest = Number.isNaN(number)
    ? (nearestWord(text, argument.words) ?? null)
    : String(nearestNumber(number, argument))
  return wrong(command, `It is ${describeArgument(argument)}.`, nearest)
}

function nearestNumber(number: number, { least, most, isWhole }: Extract<Argument, { kind: 'number' }>): number {
  const inside = Math.min(most, Math.max(least, number))
  return isWhole ? Math.round(inside) : inside
}

function wrongChoice(command: KnownCommand, values: readonly string[], text: string): ParsedArgument {
  return wrong(command, `It is one of ${values.join(', ')}.`, nearestWord(text, values))
}

/** `nearest`: the argument that may have been meant; empty for none at all. */
function wrong({ name, argument }: KnownCommand, message: string, nearest: string | null): ParsedArgument {
  const field = argument.kind === 'none' ? name : argument.name
  return { problem: { field, message, nearest: nearest === null ? null : `/${name} ${nearest}`.trim() } }
}
