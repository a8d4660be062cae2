import type { App } from '../app.ts'
import { changeConversation } from './change-conversation.ts'

/** The model that this chat asks from now on. A chat that has not been started begins with the model of all new ones. */
export async function chooseModel(app: App, modelId: string): Promise<void> {
  const id = app.chat.id.peek()
  if (id === null) {
    app.models.prefer(modelId)
    app.models.picked.value = modelId
  } else await changeConversation(app, id, { model: modelId })
}
