import { failureText } from '../api/outcome.ts'
import type { App } from '../app.ts'
import type { LiveRun } from '../runs/live-run.ts'

/** Stops an answer. What has come stays; a prompt that has not gone out returns to the box. */
export async function stopRun(app: App, run: LiveRun): Promise<void> {
  if (run.link.peek() === 'queued') {
    run.leaving.abort()
    return
  }
  if (run.isStopping.peek()) return
  run.isStopping.value = true
  const outcome = await app.endpoints.cancelRun(run.runId)
  if (outcome.ok) return
  run.isStopping.value = false
  const text = `${failureText(outcome.failure)} The answer goes on.`
  app.notes.show({ id: 'stop', tag: 'not stopped', tone: 'err', text, action: null })
}
