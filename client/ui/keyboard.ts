import type { Signal } from '@preact/signals-core'
import { chooseModel } from '../actions/choose-model.ts'
import { copyToClipboard } from '../actions/copy-to-clipboard.ts'
import { leaveEditing } from '../actions/edit-prompt.ts'
import { newConversation } from '../actions/new-conversation.ts'
import { shelveConversations } from '../actions/shelve-conversations.ts'
import { stopRun } from '../actions/stop-run.ts'
import type { App } from '../app.ts'
import type { Composer } from './components/composer.ts'
import type { Mode } from './components/status-bar.ts'
import type { EndFollower } from './screens/follow-end.ts'
import type { ListPane } from './screens/list-pane.ts'
import type { Sheets } from './screens/sheets.ts'
import { turnKey } from './turn-keys.ts'

export type KeyTargets = {
  readonly mode: Signal<Mode>
  readonly log: HTMLElement
  readonly follower: EndFollower
  readonly composer: Composer
  readonly list: ListPane
  readonly sheets: Sheets
}

/** Keys as in an editor: INS while a text box has the focus, FIND in the find line, NAV otherwise. */
export function handleKeys(app: App, targets: KeyTargets): void {
  const { alive } = app
  const noteMode = (): void => {
    targets.mode.value = modeOf(document.activeElement)
  }
  document.addEventListener('focusin', noteMode, { signal: alive })
  document.addEventListener('focusout', () => queueMicrotask(noteMode), { signal: alive })
  document.addEventListener(
    'keydown',
    event => {
      // An open sheet has its own keys, and an input method owns what it composes.
      if (event.isComposing || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return
      // A page lies over the chat, whose keys would act on what is out of sight.
      const isChat = app.router.route.peek().name !== 'page'
      const isTaken =
        anywhereKey(event, app, targets) ||
        (isPlain(event) && (placeKey(event.key, app, targets) || (isChat && navKey(event, app, targets))))
      if (isTaken) event.preventDefault()
    },
    { signal: alive },
  )
}

function modeOf(focus: Element | null): Mode {
  if (focus instanceof HTMLTextAreaElement) return 'INS'
  return focus instanceof HTMLInputElement && focus.type === 'search' ? 'FIND' : 'NAV'
}

function isPlain(event: KeyboardEvent): boolean {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
  return !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey
}

function anywhereKey(event: KeyboardEvent, app: App, targets: KeyTargets): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    targets.sheets.openModels(modelId => void chooseModel(app, modelId))
    return true
  }
  if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    goToNeighbour(app, event.key === 'ArrowUp' ? -1 : 1)
    return true
  }
  return event.key === 'Escape' && leave(app)
}

/** Escape: leaves a text box on a page, else the page; in the chat it leaves an edit, else stops the answer, else leaves the text box. */
function leave(app: App): boolean {
  const run = app.chat.run.peek()
  if (app.router.route.peek().name === 'page') leavePage(app)
  else if (app.composer.editing.peek() !== null) leaveEditing(app)
  else if (run !== null) void stopRun(app, run)
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  return true
}

function leavePage(app: App): void {
  const focus = document.activeElement
  if (focus instanceof HTMLInputElement || focus instanceof HTMLTextAreaElement) focus.blur()
  else goToChat(app)
}

function goToChat(app: App): void {
  app.router.go({ name: 'chat', conversationId: app.chat.id.peek() })
}

/** The keys of the places, which count on every one of them. */
function placeKey(key: string, app: App, targets: KeyTargets): boolean {
  if (key === '1') goToChat(app)
  else if (key === '2') app.router.go({ name: 'page', page: 'usage', part: null })
  else if (key === '3') app.router.go({ name: 'page', page: 'setup', part: null })
  else if (key === '?') targets.sheets.openKeys()
  else return false
  return true
}

function goToNeighbour(app: App, step: 1 | -1): void {
  const list = app.conversations.list.peek()
  const index = list.findIndex(conversation => conversation.id === app.chat.id.peek())
  const next = list[index === -1 ? 0 : index + step]
  if (next !== undefined) app.router.go({ name: 'chat', conversationId: next.id })
}

function navKey(event: KeyboardEvent, app: App, targets: KeyTargets): boolean {
  const isOnControl =
    event.target instanceof Element && event.target.closest('a, button, summary, [tabindex="0"]') !== null
  switch (event.key) {
    case 'i':
      targets.composer.focus()
      return true
    case 'Enter':
      if (isOnControl) return false
      targets.composer.focus()
      return true
    case 'n':
      newConversation(app)
      targets.composer.focus()
      return true
    case '/':
      app.router.go(window.matchMedia('(width < 45rem)').matches ? { name: 'chats' } : app.router.route.peek())
      targets.list.focusFind()
      return true
    case 'u':
      return undo(app)
    case 'd': {
      const conversation = app.chat.conversation.peek()
      if (conversation !== null) void shelveConversations(app, [conversation], 'trash')
      return conversation !== null
    }
    case 'C': {
      const code = [...targets.log.querySelectorAll('pre')].at(-1)?.textContent ?? null
      if (code !== null) void copyToClipboard(app, code)
      return code !== null
    }
    default:
      return turnKey(event.key, app, targets)
  }
}

function undo(app: App): boolean {
  const note = app.notes.notes.peek().findLast(({ action }) => action?.label === 'undo')
  note?.action?.run()
  return note !== undefined
}
