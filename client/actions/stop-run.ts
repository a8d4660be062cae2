import { failureText, isUnreachable } from '../api/outcome.ts'
import type { App } from '../app.ts'
import type { LiveRun } from '../runs/live-run.ts'
import { editRows } from './edit-rows.ts'

/** Stops an answer; what has come stays. Where the server cannot be reached it is told as soon as it can. */
export async function stopRun(app: App, run: LiveRun): Promise<void> {
  if (run.isStopping.peek()) return
  run.isStopping.value = true
  const outcome = await app.endpoints.cancelRun(run.runId)
  if (outcome.ok) return
  const isLeft = isUnreachable(outcome.failure) && (await editRows(app, editor => editor.cancelRun(run.runId))) !== null
  if (isLeft) return
  run.isStopping.value = false
  const text = `${failureText(outcome.failure)} The answer goes on.`
  app.notes.show({ id: 'stop', tag: 'not stopped', tone: 'err', text, action: null })
}
