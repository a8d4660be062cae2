import type { App } from '../app.ts'
import { spokenResult } from './spoken.ts'

/** After an answer ended: fetches what the server stored, the sums it changed, and says so once. */
export async function finishRun(app: App, conversationId: string, messageId: string): Promise<void> {
  await app.messages.refresh(conversationId)
  // The stored row names this answer now, or the one that another device has gone to.
  app.conversations.holdLeaf(conversationId, null)
  const message = app.messages.of(conversationId).peek().get(messageId)
  if (message !== undefined && app.chat.id.peek() === conversationId) app.announcement.value = spokenResult(message)
  await Promise.all([app.usage.refresh(), app.conversations.refresh()])
}
