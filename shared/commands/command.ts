/** What may stand behind a command's name. */
export type Argument =
  | { readonly kind: 'none' }
  /** The rest of the line, `most` UTF-16 units long at most. */
  | { readonly kind: 'text'; readonly name: string; readonly isOptional: boolean; readonly most: number }
  | {
      readonly kind: 'choice'
      readonly name: string
      readonly isOptional: boolean
      readonly values: readonly string[]
    }
  | {
      readonly kind: 'number'
      readonly name: string
      readonly least: number
      readonly most: number
      readonly isWhole: boolean
      /** Words that may stand in its place. */
      readonly words: readonly string[]
    }
  /** One of what the product knows at the moment. */
  | { readonly kind: LiveKind; readonly name: string; readonly isOptional: boolean }

/** The arguments whose values are not known to the grammar: they come from what is there when the line is written. */
export type LiveKind = 'model' | 'persona' | 'conversation'

/** Under which heading a command stands. */
export type CommandGroup = 'do' | 'chats' | 'setup'

/** What must be there for a command to mean anything: a chat that was started, an answer in it, an answer that is being written. */
export type CommandNeed = 'nothing' | 'chat' | 'turn' | 'run'

/** One act of the product, as it is called in the slash menu, the palette and the key map. */
export type Command = {
  readonly name: string
  readonly aliases: readonly string[]
  /** Reads on from the name: `model: switch for this chat`. */
  readonly summary: string
  readonly group: CommandGroup
  readonly argument: Argument
  readonly needs: CommandNeed
}

/** What an argument came to: text, a number, or null where none was given. */
export type Value = string | number | null

/** What an argument may be, in words: `a number from 0 to 2, or default`. */
export function describeArgument(argument: Argument): string {
  switch (argument.kind) {
    case 'none':
      return 'nothing behind it'
    case 'text':
      return argument.name
    case 'choice':
      return argument.values.join(', ')
    case 'number': {
      const what = argument.isWhole ? 'a whole number' : 'a number'
      return [`${what} from ${argument.least} to ${argument.most}`, ...argument.words].join(', or ')
    }
    case 'model':
    case 'persona':
      return `the name of a ${argument.kind}`
    case 'conversation':
      return 'the title of a chat'
    default:
      return argument satisfies never
  }
}

/** True for a command that does something without an argument. */
export function canStandAlone({ argument }: Command): boolean {
  return argument.kind === 'none' || (argument.kind !== 'number' && argument.isOptional)
}
