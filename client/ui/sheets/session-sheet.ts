import type { ReadonlySignal } from '@preact/signals-core'
import type { Conversation } from '#shared/records.ts'
import { TEMPORARY_CHAT } from '../../platform/chat-of-path.ts'
import { type BranchListOptions, branchList } from '../components/branch-list.ts'
import type { SessionValues } from '../components/session-facts.ts'
import { sessionPane } from '../components/session-pane.ts'
import { openSheet, type Sheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { type PersonaChoiceOptions, personaChoice } from './persona-choice.ts'
import { type SyncPartOptions, syncPart } from './sync-part.ts'

export type SessionSheetOptions = {
  readonly values: ReadonlySignal<SessionValues>
  /** Null while the chat has not been started: there is nothing to rename or delete. */
  readonly conversation: Conversation | null
  readonly persona: PersonaChoiceOptions
  readonly sync: SyncPartOptions
  readonly branches: BranchListOptions
  onRename(title: string): void
  onPin(): void
  onTags(): void
  onArchive(): void
  onExport(): void
  onDelete(): void
  onModel(): void
  onSetup(): void
}

/** What the head opens: the chat's title, model, context and cost, and what can be done with it. */
export function openSessionSheet(host: HTMLElement, options: SessionSheetOptions): void {
  openSheet(host, { label: 'Session' }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close', autofocus: true }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    const conversation = keptOf(options)
    const title =
      conversation === null
        ? el(
            'div',
            { class: 'sheet-in' },
            glyph('❯'),
            el('span', { class: 'bright' }, options.conversation?.title ?? 'new chat'),
            close,
          )
        : titleForm(sheet, conversation.title, options.onRename, close)
    const branches = branchList(sheet.alive, options.branches)
    on(sheet.alive, branches, 'click', ({ target }) => {
      if (target instanceof Element && target.closest('button, a') !== null) sheet.close()
    })
    return [
      title,
      el(
        'div',
        { class: 'scroll' },
        sessionPane(sheet.alive, options.values),
        sessionActions(sheet, options),
        el('div', { class: 'session' }, branches),
        syncPart(sheet.alive, options.sync),
      ),
    ]
  })
}

/** What is done with a temporary chat, it says itself. */
function keptOf({ conversation }: SessionSheetOptions): Conversation | null {
  return conversation?.id === TEMPORARY_CHAT ? null : conversation
}

function titleForm(sheet: Sheet, title: string, onRename: (title: string) => void, close: HTMLElement): HTMLElement {
  const input = el('input', {
    class: 'field',
    value: title,
    'aria-label': 'Title',
    autocomplete: 'off',
    enterkeyhint: 'done',
  })
  const form = el('form', { class: 'sheet-in' }, glyph('❯'), input, close)
  on(sheet.alive, form, 'submit', event => {
    event.preventDefault()
    onRename(input.value)
    sheet.close()
  })
  // Leaving the field keeps what was typed: there is no save key to forget.
  on(sheet.alive, input, 'change', () => onRename(input.value))
  return form
}

function sessionActions(sheet: Sheet, options: SessionSheetOptions): HTMLElement {
  const conversation = keptOf(options)
  const row = (label: string, className: string, run: () => void): HTMLElement => {
    const button = el(
      'button',
      { type: 'button', class: 'row-main' },
      el('span', { class: 'row-mark' }),
      el('span', { class: `row-title ${className}` }, label),
    )
    on(sheet.alive, button, 'click', () => {
      sheet.close()
      run()
    })
    return el('li', { class: 'row' }, button)
  }
  const own =
    conversation === null
      ? []
      : [
          row(conversation.pinned_at === null ? 'pin' : 'unpin', '', options.onPin),
          row('tags', '', options.onTags),
          row(conversation.archived_at === null ? 'archive' : 'out of the archive', '', options.onArchive),
          row('take out', '', options.onExport),
          row('delete', 'err', options.onDelete),
        ]
  return el(
    'ul',
    { class: 'opts' },
    row('change model', '', options.onModel),
    personaChoice(sheet.alive, options.persona),
    row('setup', '', options.onSetup),
    ...own,
  )
}
