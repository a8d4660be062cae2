import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import type { ChatSettings } from '../stores/current-chat.ts'
import { editRows } from './edit-rows.ts'
import { readConversation } from './read-conversation.ts'

/**
 * Changes what is sent with each prompt of the chat on the screen, from what it is by then. A chat that has not been started keeps
 * it until it is.
 */
export async function changeChatSettings(
  app: App,
  change: (now: ChatSettings) => Partial<ChatSettings>,
): Promise<void> {
  const id = app.chat.id.peek()
  if (id === null) {
    const { system_prompt, params } = app.chat.settings.peek()
    app.chat.nextSettings.value = { system_prompt, params, ...change({ system_prompt, params }) }
    return
  }
  await editRows(app, async editor => {
    const conversation = await readConversation(editor, id)
    if (conversation !== null) await editor.set(rowRef('conversations', id), change(conversation))
  })
}
