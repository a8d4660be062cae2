import type { App } from '../app.ts'
import { newestLeaf } from '../stores/message-tree.ts'
import { changeConversation } from './change-conversation.ts'
import { showActiveBranch } from './show-active-branch.ts'

/** Shows the way through a message, down to what followed it last. */
export async function showMessage(app: App, messageId: string): Promise<void> {
  const id = app.chat.id.peek()
  if (id === null) return
  await changeConversation(app, id, { active_leaf_id: newestLeaf(app.messages.messages.peek(), messageId) })
  showActiveBranch(app)
}
