import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'
import { sendMessage } from './send-message.ts'

const WORDS = 'Go on exactly where you stopped.'

/** Asks the model to go on with an answer that was cut short. What came before stays as it is, and as it was paid for. */
export async function continueAnswer(app: App, { answer }: Turn): Promise<void> {
  const model = app.chat.modelId.peek() ?? answer?.model ?? null
  if (answer === null || model === null) return
  await sendMessage(app, { text: WORDS, model, parentId: answer.id, replacesId: null })
}
