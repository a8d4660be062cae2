import type { App } from '../app.ts'
import { newestLeaf, type Turn } from '../stores/message-tree.ts'
import { changeConversation } from './change-conversation.ts'
import { showActiveBranch } from './show-active-branch.ts'

/** Shows the next (+1) or previous (-1) way this turn was asked or answered, with what followed it last. */
export async function switchVariant(app: App, turn: Turn, step: 1 | -1): Promise<void> {
  const id = app.chat.id.peek()
  const target = turn.variants[turn.variant + step]
  if (id === null || target === undefined) return
  await changeConversation(app, id, { active_leaf_id: newestLeaf(app.messages.messages.peek(), target) })
  showActiveBranch(app)
}
