import type { App } from '../app.ts'
import { sendMessage } from './send-message.ts'

/** Sends a prompt, that in the box unless another is given. While an answer is being written it queues behind that. */
export async function submitComposer(app: App, prompt?: string): Promise<void> {
  // Somebody quick has written before the pi could say which models answer.
  if (app.chat.modelId.peek() === null && app.models.load.peek().state === 'loading') await app.models.refresh()
  const text = (prompt ?? app.composer.text.peek()).trim()
  const model = app.chat.modelId.peek()
  if (text === '') return
  if (model === null) {
    const sentence = 'No model is known yet: the pi has not told which ones answer.'
    app.notes.show({ id: 'send', tag: 'not sent', tone: 'warn', text: sentence, action: null })
    return
  }
  app.notes.hide('send')
  const editing = app.composer.editing.peek()
  const last = app.chat.turns.peek().at(-1)
  const parentId = editing === null ? ((last?.answer ?? last?.question)?.id ?? null) : editing.parentId
  await sendMessage(app, { text, parentId, model, replacesId: editing?.questionId ?? null })
}
