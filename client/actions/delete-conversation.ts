import { failureText } from '../api/outcome.ts'
import type { App } from '../app.ts'

const UNDO_MS = 8_000

/**
 * Takes a conversation out of sight at once. The server hears of it when the note with undo goes, or when the page does:
 * until then nothing has happened that would need to be taken back.
 */
export function deleteConversation(app: App, id: string): void {
  const conversation = app.conversations.byId.peek().get(id)
  if (conversation === undefined) return
  const noteId = `gone-${id}`
  const over = new AbortController()
  const commit = (keepalive: boolean): void => {
    over.abort()
    app.notes.hide(noteId)
    void remove(app, id, keepalive)
  }
  const undo = (): void => {
    over.abort()
    app.notes.hide(noteId)
    app.conversations.setHidden(id, false)
    app.router.go({ name: 'chat', conversationId: id })
  }
  app.conversations.setHidden(id, true)
  if (app.chat.id.peek() === id) app.router.go({ name: 'chat', conversationId: null }, { replace: true })
  app.notes.show({
    id: noteId,
    tag: 'gone',
    tone: 'plain',
    text: conversation.title,
    action: { label: 'undo', run: undo },
  })
  const handle = window.setTimeout(() => commit(false), UNDO_MS)
  over.signal.addEventListener('abort', () => window.clearTimeout(handle))
  window.addEventListener('pagehide', () => commit(true), { signal: over.signal })
}

async function remove(app: App, id: string, keepalive: boolean): Promise<void> {
  const outcome = await app.endpoints.deleteConversation(id, { keepalive })
  const isGone = outcome.ok || (outcome.failure.kind === 'refused' && outcome.failure.status === 404)
  if (isGone) {
    app.conversations.remove(id)
    return
  }
  app.conversations.setHidden(id, false)
  app.notes.show({ id: 'delete', tag: 'still here', tone: 'err', text: failureText(outcome.failure), action: null })
}
