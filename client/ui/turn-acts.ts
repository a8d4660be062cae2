import { copyToClipboard } from '../actions/copy-to-clipboard.ts'
import { dropPrompt } from '../actions/drop-prompt.ts'
import { editPrompt } from '../actions/edit-prompt.ts'
import { retryAnswer } from '../actions/retry-answer.ts'
import { sendHeld } from '../actions/send-held.ts'
import { switchVariant } from '../actions/switch-variant.ts'
import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'
import { fetchPart } from './screens/fetch-part.ts'

/** What can be done with a turn, by a key in it, in its sheet or on the keyboard. */
export type TurnAct =
  | 'copy'
  | 'retry'
  | 'retry-with'
  | 'edit'
  | 'send'
  | 'drop'
  | 'previous'
  | 'next'
  | 'more'
  | 'branch'
  | 'continue'
  | 'delete'

export type ActOnTurn = (act: TurnAct, turn: Turn) => void

type Places = {
  pickModel(onChoose: (modelId: string) => void): void
  focusComposer(): void
  /** Opens the sheet of a turn. */
  openTurn(turn: Turn): void
}

/** Does acts on turns. Those that are rare are fetched when they are first asked for. */
export function turnActs(app: App, places: Places): ActOnTurn {
  return (act, turn) => {
    const shown = turn.answer ?? turn.question
    switch (act) {
      case 'copy':
        return void copyToClipboard(app, turn.answer?.content ?? '')
      case 'retry':
        return void retryAnswer(app, turn)
      case 'retry-with':
        return places.pickModel(model => void retryAnswer(app, turn, model))
      case 'edit':
        editPrompt(app, turn)
        return places.focusComposer()
      case 'send':
        return sendNow(app, turn)
      case 'drop':
        return void dropPrompt(app, turn)
      case 'previous':
      case 'next':
        return void switchVariant(app, turn, act === 'next' ? 1 : -1)
      case 'more':
        return places.openTurn(turn)
      case 'branch':
        return fetchPart(app, async () => (await import('../actions/clone-chat.ts')).cloneChat(app, { upTo: shown.id }))
      case 'continue':
        return fetchPart(app, async () => (await import('../actions/continue-answer.ts')).continueAnswer(app, turn))
      case 'delete':
        return fetchPart(app, async () => (await import('../actions/delete-branch.ts')).deleteBranch(app, shown.id))
      default:
        act satisfies never
    }
  }
}

function sendNow(app: App, { answer }: Turn): void {
  const held = app.sync.outbox.peek().find(({ prompt, state }) => prompt.message_id === answer?.id && state === 'held')
  if (held !== undefined) void sendHeld(app, held)
}
