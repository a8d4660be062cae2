import type { Argument, Command } from './command.ts'

const NONE: Argument = { kind: 'none' }
/** Takes a setting back to what the provider does by itself. */
const DEFAULT = 'default'

const MODEL: Argument = { kind: 'model', name: 'name', isOptional: true }

function one(name: string, ...values: readonly string[]): Argument {
  return { kind: 'choice', name, isOptional: false, values }
}

function text(name: string, most: number): Argument {
  return { kind: 'text', name, isOptional: false, most }
}

const NOTHING = { aliases: [], argument: NONE, needs: 'nothing' } as const

/** Every command there is. The slash menu, the palette, the key map, the manual and the handlers follow this list. */
export const COMMANDS = [
  { ...NOTHING, name: 'model', group: 'do', summary: 'switch for this chat', argument: MODEL },
  {
    ...NOTHING,
    name: 'temp',
    aliases: ['temperature'],
    group: 'do',
    summary: '0 exact, 1 loose',
    argument: { kind: 'number', name: 'temperature', least: 0, most: 2, isWhole: false, words: [DEFAULT] },
  },
  {
    ...NOTHING,
    name: 'reasoning',
    aliases: ['think', 'effort'],
    group: 'do',
    summary: 'how long it may think',
    argument: one('effort', DEFAULT, 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  },
  {
    ...NOTHING,
    name: 'max',
    aliases: ['tokens'],
    group: 'do',
    summary: 'most tokens of an answer',
    argument: { kind: 'number', name: 'tokens', least: 1, most: 1_000_000, isWhole: true, words: [DEFAULT] },
  },
  {
    ...NOTHING,
    name: 'system',
    aliases: ['prompt'],
    group: 'do',
    summary: 'who answers, in your words',
    argument: { kind: 'text', name: 'instructions, or none', isOptional: true, most: 100_000 },
  },
  {
    ...NOTHING,
    name: 'persona',
    aliases: ['preset'],
    group: 'do',
    summary: 'who answers, as kept in setup',
    argument: { kind: 'persona', name: 'name', isOptional: false },
  },
  { ...NOTHING, name: 'retry', aliases: ['again'], group: 'do', summary: 'the same question again', needs: 'turn' },
  {
    ...NOTHING,
    name: 'retry-with',
    group: 'do',
    summary: 'another model',
    argument: MODEL,
    needs: 'turn',
  },
  { ...NOTHING, name: 'edit', group: 'do', summary: 'the question, as a branch', needs: 'turn' },
  { ...NOTHING, name: 'copy', aliases: ['yank'], group: 'do', summary: 'the answer', needs: 'turn' },
  { ...NOTHING, name: 'code', group: 'do', summary: 'copy the last code', needs: 'turn' },
  { ...NOTHING, name: 'stop', aliases: ['cancel'], group: 'do', summary: 'the running answer', needs: 'run' },
  { ...NOTHING, name: 'branch', aliases: ['fork'], group: 'do', summary: 'a new chat from here', needs: 'turn' },
  { ...NOTHING, name: 'undo', group: 'do', summary: 'what was done last' },
  { ...NOTHING, name: 'new', aliases: ['clear'], group: 'chats', summary: 'start a chat' },
  { ...NOTHING, name: 'temporary', aliases: ['incognito'], group: 'chats', summary: 'a chat that is kept nowhere' },
  { ...NOTHING, name: 'keep', group: 'chats', summary: 'make the temporary chat one like others', needs: 'chat' },
  {
    ...NOTHING,
    name: 'open',
    aliases: ['go'],
    group: 'chats',
    summary: 'another chat',
    argument: { kind: 'conversation', name: 'title', isOptional: false },
  },
  {
    ...NOTHING,
    name: 'search',
    aliases: ['find'],
    group: 'chats',
    summary: 'in all chats',
    argument: { kind: 'text', name: 'words', isOptional: true, most: 1_000 },
  },
  { ...NOTHING, name: 'chats', aliases: ['list'], group: 'chats', summary: 'the list' },
  { ...NOTHING, name: 'archived', group: 'chats', summary: 'what was put into the archive' },
  { ...NOTHING, name: 'trash', aliases: ['bin'], group: 'chats', summary: 'what was deleted' },
  {
    ...NOTHING,
    name: 'rename',
    aliases: ['title'],
    group: 'chats',
    summary: 'this chat',
    argument: text('title', 300),
    needs: 'chat',
  },
  {
    ...NOTHING,
    name: 'pin',
    aliases: ['unpin'],
    group: 'chats',
    summary: 'this chat to the top, or let it go',
    needs: 'chat',
  },
  { ...NOTHING, name: 'archive', group: 'chats', summary: 'this chat, or take it back', needs: 'chat' },
  {
    ...NOTHING,
    name: 'tag',
    aliases: ['tags'],
    group: 'chats',
    summary: 'this chat; -tag takes it off',
    argument: { kind: 'text', name: 'tags', isOptional: true, most: 500 },
    needs: 'chat',
  },
  { ...NOTHING, name: 'delete', aliases: ['remove'], group: 'chats', summary: 'this chat, with undo', needs: 'chat' },
  {
    ...NOTHING,
    name: 'clone',
    aliases: ['duplicate'],
    group: 'chats',
    summary: 'this chat with all its branches',
    needs: 'chat',
  },
  {
    ...NOTHING,
    name: 'tree',
    aliases: ['branches'],
    group: 'chats',
    summary: 'all branches of this chat',
    needs: 'chat',
  },
  { ...NOTHING, name: 'export', aliases: ['take-out'], group: 'chats', summary: 'this chat or all, as a file' },
  { ...NOTHING, name: 'import', aliases: ['bring-in'], group: 'chats', summary: 'from other programs and devices' },
  { ...NOTHING, name: 'default', group: 'setup', summary: 'the model new chats begin with', argument: MODEL },
  { ...NOTHING, name: 'cost', aliases: ['session'], group: 'setup', summary: 'of this chat, its model and context' },
  { ...NOTHING, name: 'usage', aliases: ['spending'], group: 'setup', summary: 'what was spent, by day and model' },
  { ...NOTHING, name: 'setup', aliases: ['settings'], group: 'setup', summary: 'look, typing, providers' },
  {
    ...NOTHING,
    name: 'theme',
    group: 'setup',
    summary: 'green, amber, paper, night',
    argument: one('theme', 'auto', 'green', 'amber', 'paper', 'night', 'contrast'),
  },
  { ...NOTHING, name: 'size', group: 'setup', summary: 'of the text', argument: one('size', '14', '16', '18', '20') },
  {
    ...NOTHING,
    name: 'enter',
    group: 'setup',
    summary: 'what the enter key does',
    argument: one('does', 'auto', 'send', 'new line'),
  },
  {
    ...NOTHING,
    name: 'letters',
    group: 'setup',
    summary: 'single letters as keys',
    argument: one('keys', 'on', 'off'),
  },
  { ...NOTHING, name: 'keys', aliases: ['shortcuts'], group: 'setup', summary: 'which key does what' },
  { ...NOTHING, name: 'help', aliases: ['commands'], group: 'setup', summary: 'all commands' },
] as const satisfies readonly Command[]

/** The names of all commands. */
export type CommandName = (typeof COMMANDS)[number]['name']

/** One command with its own name as its type. */
export type KnownCommand = Command & { readonly name: CommandName }

const BY_NAME: ReadonlyMap<string, KnownCommand> = new Map(
  COMMANDS.flatMap((command: KnownCommand) =>
    [command.name, ...command.aliases].map((name): [string, KnownCommand] => [name, command]),
  ),
)

/** The command that a name or an alias stands for, whatever its case; null where there is none. */
export function findCommand(name: string): KnownCommand | null {
  return BY_NAME.get(name.toLowerCase()) ?? null
}

/** All names and aliases. */
export function commandWords(): readonly string[] {
  return [...BY_NAME.keys()]
}
