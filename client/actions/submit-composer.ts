import type { App } from '../app.ts'
import { sendMessage } from './send-message.ts'

/** Sends what stands in the box, or holds it until the running answer has ended. */
export async function submitComposer(app: App): Promise<void> {
  const text = app.composer.text.peek().trim()
  const model = app.chat.modelId.peek()
  if (text === '') return
  if (model === null) {
    const sentence = 'No model is known yet: the pi has not told which ones answer.'
    app.notes.show({ id: 'send', tag: 'not sent', tone: 'warn', text: sentence, action: null })
    return
  }
  if (app.chat.run.peek() !== null) {
    app.composer.isHeld.value = true
    return
  }
  const editing = app.composer.editing.peek()
  const last = app.chat.turns.peek().at(-1)
  const parentId = editing === null ? (last?.answer ?? last?.question)?.id : editing.parentId
  await sendMessage(app, { text, parentId: parentId ?? null, model, isFromComposer: true })
}
