import type { Option } from '#shared/commands/complete-command.ts'
import { showKey } from '#shared/commands/key-map.ts'
import { markedText } from '../components/marked-text.ts'
import type { ShownGroup, ShownOption } from '../components/option-list.ts'
import { el } from '../dom/element.ts'

const MARKS = { do: '❯', chats: '≡', setup: '⌂' } as const

/** The palette's rows under their headings; the heading with the best match comes first. */
export function paletteGroups(options: readonly Option[], isApple: boolean): readonly ShownGroup[] {
  return [...Map.groupBy(options, ({ group }) => group)].map(([name, group]) => ({
    name,
    options: group.map(option => paletteOption(option, isApple)),
  }))
}

function paletteOption(option: Option, isApple: boolean): ShownOption {
  const isCommand = option.kind === 'command'
  const end = option.key === null ? (isCommand ? '' : option.summary) : showKey(option.key, isApple)
  const title = el('span', { class: 'row-title cut' }, ...markedText(option.title, option.ranges))
  if (isCommand) title.append(': ', ...markedText(option.summary, option.summaryRanges))
  return {
    id: option.id,
    mark: option.kind === 'conversation' ? '≡' : option.group === 'chats' ? '❯' : MARKS[option.group],
    cells: [title, el('span', { class: 'end num' }, end)],
  }
}

/** The slash menu's rows: name and what it does; behind a name, what can be chosen and what is said of it. */
export function slashOptions(options: readonly Option[]): readonly ShownOption[] {
  return options.map(option =>
    option.kind === 'argument' && option.line !== null ? choiceOption(option) : commandOption(option),
  )
}

function commandOption(option: Option): ShownOption {
  const slash = option.kind === 'command' ? '/' : ''
  return {
    id: option.id,
    mark: '',
    cells: [
      el('span', { class: 'row-title cut' }, slash, ...markedText(option.title, option.ranges)),
      el('span', { class: 'cut dim' }, ...markedText(option.summary, option.summaryRanges)),
      el('span', { class: 'end wide' }, option.kind === 'command' ? 'tab' : ''),
    ],
  }
}

function choiceOption(option: Option): ShownOption {
  return {
    id: option.id,
    mark: '',
    layout: 'choice',
    cells: [
      el('span', { class: 'row-title whole' }, ...markedText(option.title, option.ranges)),
      el('span', { class: 'end num' }, option.summary),
    ],
  }
}
