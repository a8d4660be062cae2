import type { App } from '../app.ts'

/** Leaves the branch that was shown for a search result, for the one that is the chat's own. */
export function showActiveBranch(app: App): void {
  const id = app.chat.id.peek()
  if (app.find.wanted.peek() !== null) app.router.go({ name: 'chat', conversationId: id }, { replace: true })
}
