import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { type CompletionSources, completeCommand, ghostOf, type Option } from '#shared/commands/complete-command.ts'
import { watch } from '../../signals/watch.ts'
import type { Composer } from '../components/composer.ts'
import { ghostText } from '../components/ghost-text.ts'
import { optionElementId, optionList } from '../components/option-list.ts'
import { bindAttribute, bindShown, bindText } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { menuAct, moveSelection } from './menu-keys.ts'
import { slashOptions } from './shown-options.ts'

export type SlashMenuOptions = {
  readonly composer: Composer
  /** Above which the menu grows. */
  readonly host: HTMLElement
  readonly text: ReadonlySignal<string>
  readonly sources: ReadonlySignal<CompletionSources>
  onWrite(text: string): void
  /** Does what stands in the box. */
  onSubmit(): void
}

type State = {
  readonly isOpen: ReadonlySignal<boolean>
  readonly isDismissed: Signal<boolean>
  readonly options: ReadonlySignal<readonly Option[]>
  readonly selectedId: Signal<string | null>
  readonly selected: ReadonlySignal<Option | null>
}

const LIST_ID = 'slash-list'
/** A line that may be a command: `/usr/bin` and `//` are none. */
const COMMAND_SHAPE = /^\/[a-z-]*(\s[\s\S]*)?$/i

/** The menu that grows out of the message box while a command is being written in it. */
export function attachSlashMenu(alive: AbortSignal, options: SlashMenuOptions): void {
  const { box, element, line } = options.composer
  const state = menuState(options)
  watch(alive, options.text, text => {
    if (!text.startsWith('/')) state.isDismissed.value = false
    state.selectedId.value = state.options.peek()[0]?.id ?? null
  })
  watch(alive, state.options, found => {
    if (!found.some(({ id }) => id === state.selectedId.peek())) state.selectedId.value = found[0]?.id ?? null
  })
  const list = optionList(alive, {
    id: LIST_ID,
    label: 'Commands',
    groups: computed(() => (state.isOpen.value ? [{ name: '', options: slashOptions(state.options.value) }] : [])),
    selectedId: state.selectedId,
    onChoose: id => take(state.options.peek().find(option => option.id === id) ?? null, options),
  })
  const count = el('p', { class: 'sr', role: 'status' })
  bindText(
    alive,
    count,
    computed(() => (state.isOpen.value ? `${state.options.value.length} to choose from` : '')),
  )
  const menu = el('div', { class: 'slash' }, list)
  bindShown(alive, menu, state.isOpen)
  // Over the notes, which stand above the box and may tell of this very line.
  options.host.prepend(menu, count)
  line.append(
    ghostText(
      alive,
      options.text,
      computed(() => (state.isOpen.value ? ghostOf(options.text.value.slice(1), state.selected.value) : '')),
    ),
  )
  box.setAttribute('aria-autocomplete', 'list')
  bindAttribute(
    alive,
    box,
    'aria-controls',
    computed(() => (state.isOpen.value ? LIST_ID : null)),
  )
  bindAttribute(
    alive,
    box,
    'aria-activedescendant',
    computed(() =>
      state.isOpen.value && state.selectedId.value !== null ? optionElementId(LIST_ID, state.selectedId.value) : null,
    ),
  )
  // Before the box itself hears of the key.
  element.addEventListener('keydown', event => handleKey(event, state, options), { signal: alive, capture: true })
}

function menuState({ text, sources }: SlashMenuOptions): State {
  const isDismissed = signal(false)
  const selectedId = signal<string | null>(null)
  const options = computed(() =>
    COMMAND_SHAPE.test(text.value)
      ? completeCommand({ text: text.value.slice(1), sources: sources.value, hasConversations: false }).options
      : [],
  )
  return {
    isDismissed,
    options,
    selectedId,
    isOpen: computed(() => options.value.length > 0 && !isDismissed.value),
    selected: computed(() => options.value.find(({ id }) => id === selectedId.value) ?? null),
  }
}

function handleKey(event: KeyboardEvent, state: State, options: SlashMenuOptions): void {
  if (!state.isOpen.peek() || event.target !== options.composer.box) return
  const act = menuAct(event)
  const selected = state.selected.peek()
  if (act === 'next-option' || act === 'previous-option') {
    const ids = state.options.peek().map(({ id }) => id)
    moveSelection(act, { ids, selectedId: state.selectedId, isUpward: true })
  } else if (act === 'complete') {
    if (selected !== null) options.onWrite(`/${selected.insert}`)
  } else if (event.key === 'Escape') state.isDismissed.value = true
  // A free text is no option to run: the key that sends ends it, as it ends any prompt.
  else if (act === 'run-option' && selected?.id !== 'argument-written') take(selected, options)
  else return
  event.preventDefault()
  event.stopPropagation()
}

function take(option: Option | null, options: SlashMenuOptions): void {
  if (option === null) return
  options.onWrite(`/${option.line ?? option.insert}`)
  if (option.line !== null) options.onSubmit()
  else options.composer.focus()
}
