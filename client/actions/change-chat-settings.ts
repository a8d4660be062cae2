import type { App } from '../app.ts'
import type { ChatSettings } from '../stores/current-chat.ts'
import { changeConversation } from './change-conversation.ts'

/** Changes what is sent with each prompt of the chat on the screen. A chat that has not been started keeps it until it is. */
export async function changeChatSettings(app: App, change: Partial<ChatSettings>): Promise<void> {
  const id = app.chat.id.peek()
  if (id === null) {
    const { system_prompt, params } = app.chat.settings.peek()
    app.chat.nextSettings.value = { system_prompt, params, ...change }
  } else await changeConversation(app, id, change)
}
