import type { App } from '../app.ts'
import { changeConversation } from './change-conversation.ts'

/** Gives a conversation another title; an empty one changes nothing. */
export async function renameConversation(app: App, id: string, title: string): Promise<void> {
  const next = title.trim()
  if (next === '' || next === app.conversations.byId.peek().get(id)?.title) return
  await changeConversation(app, id, { title: next })
}
