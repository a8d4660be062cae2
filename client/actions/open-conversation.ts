import type { App } from '../app.ts'
import { attachRun } from '../runs/watch-run.ts'
import { finishRun } from './finish-run.ts'

/** Shows a conversation's newest state and goes on watching the answers that are still being written. */
export async function openConversation(app: App, conversationId: string): Promise<void> {
  await app.messages.refresh(conversationId)
  const running = [...app.messages.of(conversationId).peek().values()].filter(
    message => message.role === 'assistant' && message.status === 'streaming' && message.run_id !== null,
  )
  await Promise.all(
    running.map(async message => {
      const end = await attachRun(app.runs, message)
      // A run that the server does not know any more still has its message: the fetch shows how it ended.
      if (end !== null && end.kind !== 'left') await finishRun(app, conversationId, message.id)
    }),
  )
}
