import type { App } from '../app.ts'
import { changeConversation } from './change-conversation.ts'

/** Pins a conversation to the top of the list, or lets it go. */
export async function pinConversation(app: App, id: string): Promise<void> {
  const isPinned = app.conversations.byId.peek().get(id)?.pinned_at != null
  await changeConversation(app, id, { pinned_at: isPinned ? null : app.clock.now() })
}
