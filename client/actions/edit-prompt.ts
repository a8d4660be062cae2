import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'

/** Puts a prompt into the box to be changed; sending it makes a branch and leaves the first one as it is. */
export function editPrompt(app: App, turn: Turn): void {
  app.composer.editing.value = { questionId: turn.question.id, parentId: turn.question.parent_id }
  app.composer.write(turn.question.content)
}

/** Leaves the change; the draft that was there before comes back. */
export function leaveEditing(app: App): void {
  app.composer.open(app.chat.id.peek())
}
