import type { App } from '../app.ts'

/** Goes to the chat that has not been started; nothing is stored before its first prompt. */
export function newConversation(app: App): void {
  app.router.go({ name: 'chat', conversationId: null })
}
