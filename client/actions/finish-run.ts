import type { App } from '../app.ts'
import { spokenResult } from './spoken.ts'

/** After an answer ended: fetches what the server stored, the sums it changed, and says so once. */
export async function finishRun(app: App, conversationId: string, messageId: string): Promise<void> {
  await app.messages.refresh(conversationId)
  const message = app.messages.of(conversationId).peek().get(messageId)
  if (message !== undefined && app.chat.id.peek() === conversationId) app.announcement.value = spokenResult(message)
  await Promise.all([app.usage.refresh(), app.conversations.refresh()])
}
