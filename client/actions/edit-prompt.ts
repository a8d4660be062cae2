import { escapePrompt } from '#shared/commands/escape-prompt.ts'
import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'

const NOTE_ID = 'left-change'
const UNDO_MS = 8_000

/** Puts a prompt into the box to be changed; sending it makes a branch, or takes the place of one that has not gone out. */
export function editPrompt(app: App, { question }: Turn): void {
  app.composer.edit({ questionId: question.id, parentId: question.parent_id }, escapePrompt(question.content))
}

/** Leaves the change, which can be had back for a while; the draft that was there before comes back. */
export function leaveEditing(app: App): void {
  const change = app.composer.editing.peek()
  if (change === null) return
  const text = app.composer.text.peek()
  const conversationId = app.chat.id.peek()
  const before = app.messages.messages.peek().get(change.questionId)?.content ?? ''
  app.composer.clear()
  if (text.trim() === '' || text === escapePrompt(before)) return
  const run = (): void => {
    app.notes.hide(NOTE_ID)
    if (app.chat.id.peek() !== conversationId) app.router.go({ name: 'chat', conversationId })
    app.composer.edit(change, text)
  }
  const words = text.slice(0, 40).replaceAll('\n', ' ')
  app.notes.show({ id: NOTE_ID, tag: 'gone', tone: 'plain', text: words, action: { label: 'undo', run } })
  app.scheduler.after(UNDO_MS, () => app.notes.hide(NOTE_ID))
}
