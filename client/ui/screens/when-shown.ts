import type { App } from '../../app.ts'
import { afterPaint } from '../../platform/scheduler.ts'
import { until } from '../../signals/until.ts'
import type { Transcript } from './transcript.ts'

/** A chat that takes longer to come keeps nothing else waiting. */
const PATIENCE_MS = 4_000

/** Resolves once the page has painted what it was opened for: the rest of its parts would only share the line with it. */
export async function whenShown({ scheduler }: App, { isAwaited }: Transcript): Promise<void> {
  await new Promise<void>(resolve => {
    scheduler.after(PATIENCE_MS, resolve)
    void until(isAwaited, isNow => !isNow).then(resolve)
  })
  await new Promise<void>(resolve => afterPaint(resolve))
}
