import type { Conversation } from '#shared/records.ts'
import type { App } from '../app.ts'
import { changeConversation } from './change-conversation.ts'

/** Gives a conversation another title; an empty one changes nothing. */
export async function renameConversation(app: App, { id, title: before }: Conversation, title: string): Promise<void> {
  const next = title.trim()
  if (next === '' || next === before) return
  await changeConversation(app, id, { title: next })
}
