import type { App } from '../app.ts'
import { changeConversation } from './change-conversation.ts'

/** The model that this chat asks from now on, and that new chats begin with. */
export async function chooseModel(app: App, modelId: string): Promise<void> {
  app.models.prefer(modelId)
  const id = app.chat.id.peek()
  if (id !== null) await changeConversation(app, id, { model: modelId })
}
