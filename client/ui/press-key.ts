import { findCommand } from '#shared/commands/command-list.ts'
import { type Act, actOf, type KeyPlace } from '#shared/commands/key-map.ts'
import { leaveEditing } from '../actions/edit-prompt.ts'
import { stopRun } from '../actions/stop-run.ts'
import type { App } from '../app.ts'
import type { CommandHost } from '../commands/command-host.ts'
import { runNamed } from '../commands/run-command.ts'
import { keyName } from './key-name.ts'
import type { KeyTargets } from './keyboard.ts'
import { isLetterOff } from './letters-off.ts'
import { moveInList } from './list-keys.ts'
import { moveInTurns } from './turn-keys.ts'

type Pressed = { readonly host: CommandHost; readonly targets: KeyTargets }

/** Does what a key means where the focus is, by the key map. False when it means nothing there. */
export function pressKey(event: KeyboardEvent, pressed: Pressed): boolean {
  const key = keyName(event)
  const anywhere = actOf('anywhere', key)
  if (anywhere !== null) return doAct(anywhere, pressed)
  if (isWriting(event.target)) return false
  if (isLetterOff(pressed.host.app, key)) return false
  // A key that presses a button or follows a link goes on doing that.
  if (key === 'Enter' && isOnControl(event.target)) return false
  const act = placesOf(event, pressed.host.app)
    .map(place => actOf(place, key))
    .find(found => found !== null)
  return act !== undefined && doAct(act, pressed)
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}

/** Where the focus is, the nearest place first. A page lies over the chat, whose keys would act on what is out of sight. */
function placesOf({ target }: KeyboardEvent, app: App): readonly KeyPlace[] {
  if (app.router.route.peek().name === 'page') return ['places']
  const isInList = target instanceof Element && target.closest('.list') !== null
  return isInList ? ['lists', 'reading', 'places'] : ['reading', 'places']
}

function isOnControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, summary, [tabindex="0"]') !== null
}

function doAct(act: Act, { host, targets }: Pressed): boolean {
  if (findCommand(act) !== null) {
    runNamed(host, act)
    return true
  }
  return move(act, host, targets)
}

function move(act: Act, host: CommandHost, targets: KeyTargets): boolean {
  const { app } = host
  switch (act) {
    case 'palette':
      host.openPalette('')
      return true
    case 'leave':
      return leave(app)
    case 'previous-chat':
    case 'next-chat':
      goToNeighbour(app, act === 'previous-chat' ? -1 : 1)
      return true
    case 'write':
      targets.composer.focus()
      return true
    case 'this-chat':
      goToChat(app)
      return true
    case 'next-row':
    case 'previous-row':
      return moveInList(act)
    default:
      return moveInTurns(act, app, targets)
  }
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
  if (focus instanceof HTMLElement && isWriting(focus)) focus.blur()
  else goToChat(app)
}

function goToChat(app: App): void {
  app.router.go({ name: 'chat', conversationId: app.chat.id.peek() })
}

function goToNeighbour(app: App, step: 1 | -1): void {
  const list = app.conversations.list.peek()
  const index = list.findIndex(conversation => conversation.id === app.chat.id.peek())
  const next = list[index === -1 ? 0 : index + step]
  if (next !== undefined) app.router.go({ name: 'chat', conversationId: next.id })
}
