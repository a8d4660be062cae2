import type { CommandName } from './command-list.ts'

/** What keys do besides commands: moving about. */
type Movement =
  | 'palette'
  | 'leave'
  | 'previous-chat'
  | 'next-chat'
  | 'send'
  | 'new-line'
  | 'slash-menu'
  | 'complete'
  | 'last-question'
  | 'next-turn'
  | 'previous-turn'
  | 'first-turn'
  | 'last-turn'
  | 'previous-variant'
  | 'next-variant'
  | 'details'
  | 'write'
  | 'this-chat'
  | 'next-row'
  | 'previous-row'
  | 'open-row'
  | 'next-option'
  | 'previous-option'
  | 'run-option'
  | 'second-meaning'

export type Act = CommandName | Movement

/** Where the focus is when a key is pressed. `anywhere` counts in text boxes too, `places` on pages as in chats and lists. */
export type KeyPlace = 'anywhere' | 'places' | 'writing' | 'reading' | 'lists' | 'menus'

type KeyRow = {
  readonly label: string
  /** As the event names them, with `mod+` for ctrl or ⌘ and `alt+` before; a space stands between keys that do the same. */
  readonly keys: readonly (readonly [keys: string, act: Act])[]
}

export type KeyGroup = { readonly place: KeyPlace; readonly title: string; readonly rows: readonly KeyRow[] }

function row(label: string, ...keys: KeyRow['keys']): KeyRow {
  return { label, keys }
}

/** Every key of the product, as the keyboard obeys them and the sheet of keys shows them. */
export const KEY_MAP: readonly KeyGroup[] = [
  {
    place: 'anywhere',
    title: 'anywhere',
    rows: [
      row('palette', ['mod+k', 'palette']),
      row('close, stop, leave', ['Escape', 'leave']),
      row('previous, next chat', ['alt+ArrowUp', 'previous-chat'], ['alt+ArrowDown', 'next-chat']),
    ],
  },
  {
    place: 'places',
    title: 'places (NAV)',
    rows: [
      row('chat, usage, setup', ['1', 'this-chat'], ['2', 'usage'], ['3', 'setup']),
      row('these keys', ['?', 'keys']),
    ],
  },
  {
    place: 'writing',
    title: 'writing (INS)',
    rows: [
      row('send', ['Enter', 'send']),
      row('new line', ['shift+Enter', 'new-line']),
      row('commands', ['/', 'slash-menu']),
      row('complete', ['Tab', 'complete']),
      row('last question, in an empty box', ['ArrowUp', 'last-question']),
    ],
  },
  {
    place: 'reading',
    title: 'reading (NAV)',
    rows: [
      row('next, previous turn', ['j', 'next-turn'], ['k', 'previous-turn']),
      row('first, last', ['g', 'first-turn'], ['G', 'last-turn']),
      row('copy answer, code', ['c', 'copy'], ['C', 'code']),
      row('retry, with model', ['r', 'retry'], ['R', 'retry-with']),
      row('edit question', ['e', 'edit']),
      row('branch from here', ['b', 'branch']),
      row('other branch', ['[', 'previous-variant'], [']', 'next-variant']),
      row('details', ['o', 'details']),
      row('model', ['m', 'model']),
      row('delete chat, undo', ['d', 'delete'], ['u', 'undo']),
      row('new chat, a temporary one', ['n', 'new'], ['t', 'temporary']),
      row('find in chats', ['/', 'search']),
      row('write', ['i Enter', 'write']),
    ],
  },
  {
    place: 'lists',
    title: 'in the list of chats',
    rows: [
      row('next, previous', ['j ArrowDown', 'next-row'], ['k ArrowUp', 'previous-row']),
      row('open', ['Enter', 'open-row']),
      row('pin', ['p', 'pin']),
      row('archive', ['x', 'archive']),
      row('delete', ['d', 'delete']),
    ],
  },
  {
    place: 'menus',
    title: 'in menus',
    rows: [
      row('next, previous', ['ArrowDown ctrl+n', 'next-option'], ['ArrowUp ctrl+p', 'previous-option']),
      row('run, second meaning', ['Enter', 'run-option'], ['alt+Enter', 'second-meaning']),
    ],
  },
]

/** The act of a key at a place; null where it has none there. */
export function actOf(place: KeyPlace, key: string): Act | null {
  const rows = KEY_MAP.find(group => group.place === place)?.rows ?? []
  const found = rows.flatMap(({ keys }) => keys).find(([names]) => names.split(' ').includes(key))
  return found?.[1] ?? null
}

/** The key that does a command, as the event names it; null where none does. */
export function keyOf(command: CommandName): string | null {
  const all = KEY_MAP.flatMap(({ rows }) => rows).flatMap(({ keys }) => keys)
  return all.find(([, act]) => act === command)?.[0].split(' ')[0] ?? null
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '↵',
  Escape: 'esc',
  Tab: 'tab',
  shift: '⇧',
  ctrl: 'ctrl',
}

/** A key as it is printed: `ctrl K`, on Apple's keyboards `⌘ K`. */
export function showKey(key: string, isApple: boolean): string {
  const parts = key.split('+')
  const hasModifier = parts.length > 1
  const words = parts.map(part => {
    if (part === 'mod') return isApple ? '⌘' : 'ctrl'
    if (part === 'alt') return isApple ? '⌥' : 'alt'
    return SHOWN[part] ?? (hasModifier ? part.toUpperCase() : part)
  })
  return words.join(' ')
}

/** All keys of a row: `j k`, `alt ↑ ↓`, `i ↵`. */
export function showKeys({ keys }: KeyRow, isApple: boolean): string {
  const shown = keys.flatMap(([names]) => names.split(' ')).map(key => showKey(key, isApple))
  return shown.map((words, index) => (index > 0 ? withoutPrefix(words, shown[index - 1] ?? '') : words)).join(' ')
}

/** `alt ↓` after `alt ↑` is `↓`. */
function withoutPrefix(words: string, before: string): string {
  const cut = words.lastIndexOf(' ')
  return cut > 0 && before.startsWith(words.slice(0, cut + 1)) ? words.slice(cut + 1) : words
}
