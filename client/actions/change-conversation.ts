import type { ConversationPatch } from '../api/endpoints.ts'
import { failureText } from '../api/outcome.ts'
import type { App } from '../app.ts'

/** Changes fields of a conversation: shows it at once, puts the old value back and says so when the server refuses. */
export async function changeConversation(app: App, id: string, patch: ConversationPatch): Promise<void> {
  const before = app.conversations.byId.peek().get(id)
  if (before === undefined) return
  app.conversations.put({ ...before, ...patch })
  // The server does not know it yet; the prompt on its way carries the model, and the rest follows with its rows.
  if (before.rev === 0) return
  const outcome = await app.endpoints.patchConversation(id, patch)
  if (outcome.ok) {
    app.conversations.put(outcome.value)
    return
  }
  app.conversations.put(before)
  app.notes.show({ id: 'change', tag: 'not saved', tone: 'err', text: failureText(outcome.failure), action: null })
}
