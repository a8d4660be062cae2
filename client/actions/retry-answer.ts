import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'
import { askAnswer } from './ask-prompt.ts'
import { editRows } from './edit-rows.ts'

/** Asks the same again, beside the first answer; `model` asks another one. */
export async function retryAnswer(app: App, turn: Turn, model?: string): Promise<void> {
  const asked = model ?? app.chat.modelId.peek() ?? turn.answer?.model
  const isWaiting = turn.answer?.status === 'queued' || turn.answer?.status === 'streaming'
  if (asked == null || isWaiting) return
  const { id: questionId, conversation_id: conversationId } = turn.question
  await editRows(app, editor =>
    askAnswer(editor, { conversationId, questionId, answerId: app.newId(), runId: app.newId(), model: asked }),
  )
}
