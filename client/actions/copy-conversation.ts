import { failureText } from '../api/outcome.ts'
import type { App } from '../app.ts'

/**
 * Makes a chat of its own out of a conversation with all its branches, or out of the way to one message, and opens it. The pi does
 * it, for only there is all of a long chat, with its sources and its reasoning.
 */
export async function copyConversation(app: App, id: string, messageId: string | null): Promise<void> {
  const outcome = await app.endpoints.cloneConversation(id, messageId)
  if (!outcome.ok) {
    const text = `${failureText(outcome.failure)} A copy is made by the pi.`
    app.notes.show({ id: 'copied', tag: 'not copied', tone: 'warn', text, action: null })
    return
  }
  const opened = app.device.peek()
  if (opened.state === 'open') opened.device.wake()
  app.router.go({ name: 'chat', conversationId: outcome.value })
}
