import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'
import { sendMessage } from './send-message.ts'

/** Asks the same again, beside the first answer; `model` asks another one. */
export async function retryAnswer(app: App, turn: Turn, model?: string): Promise<void> {
  const asked = model ?? app.chat.modelId.peek() ?? turn.answer?.model
  if (asked == null || app.chat.run.peek() !== null) return
  await sendMessage(app, {
    text: null,
    parentId: turn.question.id,
    model: asked,
    isFromComposer: false,
  })
}
