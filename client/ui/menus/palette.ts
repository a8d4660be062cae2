import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import {
  type Completion,
  type CompletionSources,
  completeCommand,
  ghostOf,
  type Option,
} from '#shared/commands/complete-command.ts'
import { isNarrowScreen } from '../../platform/narrow-screen.ts'
import { watch } from '../../signals/watch.ts'
import { ghostText } from '../components/ghost-text.ts'
import { optionElementId, optionList } from '../components/option-list.ts'
import { openSheet } from '../components/sheet.ts'
import { bindAttribute, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { menuAct, moveSelection } from './menu-keys.ts'
import { paletteGroups } from './shown-options.ts'

export type PaletteOptions = {
  /** What stands in the line when it opens. */
  readonly text: string
  readonly sources: ReadonlySignal<CompletionSources>
  readonly isApple: boolean
  /** Does a line, without its slash. */
  onRun(line: string): void
}

type State = {
  readonly text: Signal<string>
  readonly completion: ReadonlySignal<Completion>
  readonly selectedId: Signal<string | null>
  readonly selected: ReadonlySignal<Option | null>
  take(option: Option | null, isSecond: boolean): void
  complete(option: Option | null): void
}

const LIST_ID = 'palette-list'

/** The command palette: every act and every chat under one prompt. */
export function openPalette(host: HTMLElement, options: PaletteOptions): void {
  openSheet(host, { label: 'Command palette', kind: 'upward palette' }, sheet => {
    const state = paletteState(options, sheet.close)
    watch(sheet.alive, state.completion, ({ options: found }) => {
      if (!found.some(({ id }) => id === state.selectedId.peek())) state.selectedId.value = found[0]?.id ?? null
    })
    const list = optionList(sheet.alive, {
      id: LIST_ID,
      label: 'Results',
      groups: computed(() => paletteGroups(state.completion.value.options, options.isApple)),
      selectedId: state.selectedId,
      onChoose: id => state.take(state.completion.peek().options.find(option => option.id === id) ?? null, false),
    })
    const status = el('p', { class: 'sheet-status', role: 'status' })
    bindText(
      sheet.alive,
      status,
      computed(() => (state.completion.value.options.length === 0 ? 'No command and no chat has these words.' : '')),
    )
    const hints = ['↑ ↓ move', '↵ run', 'tab complete', '> commands only', 'esc close']
    return [
      promptLine(sheet.alive, state),
      el('div', { class: 'scroll', tabindex: 0 }, list, status),
      el('div', { class: 'hint', 'aria-hidden': 'true' }, ...hints.map(hint => el('span', {}, hint))),
    ]
  })
}

function paletteState(options: PaletteOptions, close: () => void): State {
  const text = signal(options.text)
  const selectedId = signal<string | null>(null)
  const completion = computed(() => {
    const isCommandsOnly = text.value.startsWith('>')
    return completeCommand({
      text: isCommandsOnly ? text.value.slice(1) : text.value,
      sources: options.sources.value,
      hasConversations: !isCommandsOnly,
    })
  })
  const complete = (option: Option | null): void => {
    if (option !== null) text.value = (text.peek().startsWith('>') ? '>' : '') + option.insert
  }
  return {
    text,
    completion,
    selectedId,
    selected: computed(() => completion.value.options.find(({ id }) => id === selectedId.value) ?? null),
    complete,
    take(option, isSecond) {
      if (option === null) return
      const line = isSecond ? option.second : option.line
      if (line === null) {
        if (option.kind === 'command') complete(option)
        return
      }
      close()
      options.onRun(line)
    },
  }
}

function promptLine(alive: AbortSignal, state: State): HTMLElement {
  const input = el('input', {
    class: 'field',
    role: 'combobox',
    'aria-label': 'Commands, chats, setup',
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
    'aria-controls': LIST_ID,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'go',
    autofocus: true,
  })
  watch(alive, state.text, text => {
    if (input.value !== text) input.value = text
  })
  on(alive, input, 'input', () => {
    state.text.value = input.value
    state.selectedId.value = state.completion.peek().options[0]?.id ?? null
  })
  on(alive, input, 'keydown', event => handleKey(event, state))
  bindAttribute(
    alive,
    input,
    'aria-activedescendant',
    computed(() => (state.selectedId.value === null ? null : optionElementId(LIST_ID, state.selectedId.value))),
  )
  const count = el('span', { class: 'count num', role: 'status' })
  bindText(
    alive,
    count,
    computed(() => `${state.completion.value.options.length} of ${state.completion.value.total}`),
  )
  const ghost = ghostText(
    alive,
    state.text,
    computed(() => ghostOf(state.text.value.replace(/^>\s*/, ''), state.selected.value)),
  )
  return el('div', { class: 'sheet-in' }, glyph('❯'), el('div', { class: 'ghosted' }, input, ghost), count)
}

function handleKey(event: KeyboardEvent, state: State): void {
  const act = menuAct(event)
  if (act === 'next-option' || act === 'previous-option') {
    moveSelection(act, {
      ids: state.completion.peek().options.map(({ id }) => id),
      selectedId: state.selectedId,
      isUpward: isNarrowScreen(),
    })
  } else if (act === 'complete') state.complete(state.selected.peek())
  else if (act === 'run-option') state.take(state.selected.peek(), false)
  else if (act === 'second-meaning') state.take(state.selected.peek(), true)
  else return
  event.preventDefault()
}
