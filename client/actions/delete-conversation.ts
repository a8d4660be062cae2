import type { Conversation } from '#shared/records.ts'
import type { App } from '../app.ts'
import { changeConversation } from './change-conversation.ts'

const UNDO_MS = 8_000

/** Puts a conversation into the trash, and offers to take it out again. */
export async function deleteConversation(app: App, { id, title }: Conversation): Promise<void> {
  const noteId = `gone-${id}`
  const isOpen = app.chat.id.peek() === id
  const undo = async (): Promise<void> => {
    app.notes.hide(noteId)
    const isBack = await changeConversation(app, id, { deleted_at: null })
    if (isBack && isOpen) app.router.go({ name: 'chat', conversationId: id })
  }
  const isGone = await changeConversation(app, id, { deleted_at: app.clock.now() })
  if (!isGone) return
  if (app.chat.id.peek() === id) app.router.go({ name: 'chat', conversationId: null }, { replace: true })
  const action = { label: 'undo', run: () => void undo() }
  app.notes.show({ id: noteId, tag: 'gone', tone: 'plain', text: title, action })
  app.scheduler.after(UNDO_MS, () => app.notes.hide(noteId))
}
