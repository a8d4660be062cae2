import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { newestLeaf } from '../stores/message-tree.ts'
import type { OutboxEntry } from '../sync/outbox.ts'
import { askAnswer } from './ask-prompt.ts'
import { editRows } from './edit-rows.ts'

/**
 * Asks a held prompt after all, as a new run: the old one must never begin. Its answer keeps its place, for what was asked after
 * it hangs on that. A model that does not answer any more gives way to the one of the chat.
 */
export async function sendHeld(app: App, { mid, prompt, reason }: OutboxEntry): Promise<void> {
  const model = reason === 'held' ? (app.chat.modelId.peek() ?? prompt.model) : prompt.model
  const leaf = newestLeaf(app.messages.messages.peek(), prompt.message_id)
  await editRows(app, async editor => {
    if ((await editor.takeLost(mid)) === null) return
    await askAnswer(editor, {
      conversationId: prompt.conversation_id,
      questionId: prompt.user_message_id,
      answerId: prompt.message_id,
      runId: app.newId(),
      model,
    })
    // What was asked behind it stays in sight.
    await editor.set(rowRef('conversations', prompt.conversation_id), { active_leaf_id: leaf })
  })
}
