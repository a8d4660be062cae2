import type { App } from '../app.ts'
import { showMessage } from './show-message.ts'

/** Goes to a message of the chat on the screen, on whichever branch it lies. */
export async function goToMessage(app: App, messageId: string): Promise<void> {
  await showMessage(app, messageId)
  app.router.go({ name: 'chat', conversationId: app.chat.id.peek() })
  app.chat.goTo(messageId)
}
