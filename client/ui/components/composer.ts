import { computed, type ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { bindAttribute, bindShown, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

/** Words in the rule above the box. */
export type RuleWords = { readonly words: string; readonly tone: '' | 'warn' | 'bright' }

export type ComposerOptions = {
  readonly text: ReadonlySignal<string>
  readonly modelName: ReadonlySignal<string>
  readonly isAnswering: ReadonlySignal<boolean>
  /** True while a prompt from before is being changed. */
  readonly isEditing: ReadonlySignal<boolean>
  /** True where a prompt would wait on this device. */
  readonly willQueue: ReadonlySignal<boolean>
  /** What is going on, at the left of the rule; empty for nothing. */
  readonly status: ReadonlySignal<RuleWords>
  /** What sending costs, or what was spent, at the right. */
  readonly money: ReadonlySignal<RuleWords>
  readonly hasLatest: ReadonlySignal<boolean>
  readonly doesEnterSend: ReadonlySignal<boolean>
  onWrite(text: string): void
  onSubmit(): void
  onStop(): void
  onLeaveEdit(): void
  onLatest(): void
  onModel(): void
  /** The key with the slash. */
  onCommands(): void
  /** The arrow up in an empty box. */
  onEditLast(): void
}

export type Composer = {
  readonly element: HTMLElement
  /** The row with the prompt sign and the box. */
  readonly line: HTMLElement
  readonly box: HTMLTextAreaElement
  focus(): void
}

/** The message box: a rule with words, the prompt, and the soft keys. */
export function composer(alive: AbortSignal, options: ComposerOptions): Composer {
  const box = el('textarea', {
    rows: 1,
    placeholder: '\u00a0message',
    'aria-label': 'Message',
    autocapitalize: 'sentences',
    dir: 'auto',
  })
  watch(alive, options.text, text => {
    if (box.value !== text) box.value = text
    fitRows(box)
  })
  on(alive, box, 'input', () => options.onWrite(box.value))
  on(alive, box, 'keydown', event => handleKey(event, box, options))
  bindAttribute(
    alive,
    box,
    'enterkeyhint',
    computed(() => (options.doesEnterSend.value ? 'send' : 'enter')),
  )
  const line = el('div', { class: 'comp-in hollow' }, glyph('❯'), box)
  const form = el(
    'form',
    { class: 'composer', 'aria-label': 'Message' },
    composerRule(alive, options),
    line,
    composerKeys(alive, options),
  )
  on(alive, form, 'submit', event => {
    event.preventDefault()
    options.onSubmit()
  })
  return {
    element: form,
    line,
    box,
    focus() {
      box.focus({ preventScroll: true })
      box.setSelectionRange(box.value.length, box.value.length)
    },
  }
}

function handleKey(event: KeyboardEvent, box: HTMLTextAreaElement, options: ComposerOptions): void {
  // While an input method composes, Enter and arrows belong to it.
  if (event.isComposing) return
  if (event.key === 'ArrowUp' && box.value === '') {
    event.preventDefault()
    options.onEditLast()
    return
  }
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
  if (!options.doesEnterSend.peek() && !event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  options.onSubmit()
}

/** Where the browser does not size a text box by its content, its rows follow the line breaks. */
function fitRows(box: HTMLTextAreaElement): void {
  if (!CSS.supports('field-sizing', 'content')) box.rows = Math.min(8, box.value.split('\n').length)
}

function composerRule(alive: AbortSignal, options: ComposerOptions): HTMLElement {
  const latest = el('button', { type: 'button', class: 'rule-key' }, '↓ latest')
  on(alive, latest, 'click', options.onLatest)
  bindShown(alive, latest, options.hasLatest)
  const leave = el('button', { type: 'button', class: 'rule-key', 'aria-label': 'Leave the edit' }, '✕')
  on(alive, leave, 'click', options.onLeaveEdit)
  bindShown(alive, leave, options.isEditing)
  const status = el('span', { class: 'cut' })
  watch(alive, options.status, ({ words, tone }) => {
    status.textContent = words
    status.className = `cut ${tone}`
  })
  bindShown(
    alive,
    status,
    computed(() => options.status.value.words !== ''),
  )
  const money = el('span', { class: 'num' })
  watch(alive, options.money, ({ words, tone }) => {
    money.textContent = words
    money.className = `num ${tone}`
  })
  return el('div', { class: 'rule' }, latest, status, leave, el('i', { class: 'fill' }), money)
}

function composerKeys(alive: AbortSignal, options: ComposerOptions): HTMLElement {
  const name = el('span', { class: 'cut' })
  bindText(alive, name, options.modelName)
  const model = el(
    'button',
    { type: 'button', class: 'key model grow', 'aria-haspopup': 'dialog' },
    name,
    glyph('▼', 'caret'),
  )
  bindAttribute(
    alive,
    model,
    'aria-label',
    computed(() => `Model: ${options.modelName.value}`),
  )
  on(alive, model, 'click', options.onModel)
  const commands = el('button', { type: 'button', class: 'key', 'aria-label': 'Commands' }, '/')
  on(alive, commands, 'click', options.onCommands)
  const stop = el('button', { type: 'button', class: 'key push', 'data-kind': 'stop' }, '■ stop')
  on(alive, stop, 'click', options.onStop)
  bindShown(alive, stop, options.isAnswering)
  const send = el('button', { type: 'submit', class: 'key push' })
  const isEmpty = computed(() => options.text.value.trim() === '')
  bindText(
    alive,
    send,
    computed(() => (options.willQueue.value ? 'queue ↑' : options.isAnswering.value ? 'then ↑' : 'send ↑')),
  )
  bindAttribute(alive, send, 'disabled', isEmpty)
  bindAttribute(
    alive,
    send,
    'data-kind',
    computed(() => (isEmpty.value ? null : 'go')),
  )
  bindShown(
    alive,
    send,
    computed(() => !options.isAnswering.value || !isEmpty.value),
  )
  return el('div', { class: 'keys' }, commands, model, stop, send)
}
