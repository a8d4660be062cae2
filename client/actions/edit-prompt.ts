import { escapePrompt } from '#shared/commands/escape-prompt.ts'
import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'

/** Puts a prompt into the box to be changed; sending it makes a branch, or takes the place of one that has not gone out. */
export function editPrompt(app: App, turn: Turn): void {
  app.composer.editing.value = { questionId: turn.question.id, parentId: turn.question.parent_id }
  app.composer.write(escapePrompt(turn.question.content))
}

/** Leaves the change; the draft that was there before comes back. */
export function leaveEditing(app: App): void {
  void app.composer.open(app.chat.id.peek())
}
