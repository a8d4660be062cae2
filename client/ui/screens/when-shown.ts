import { computed } from '@preact/signals-core'
import type { App } from '../../app.ts'
import { afterPaint } from '../../platform/scheduler.ts'
import { until } from '../../signals/until.ts'
import type { Transcript } from './transcript.ts'

/** A chat that takes longer to come keeps nothing else waiting. */
const PATIENCE_MS = 4_000

/** Resolves once the page has painted what it was opened for: the rest of its parts would only share the line with it. */
export async function whenShown(app: App, { isAwaited }: Transcript): Promise<void> {
  const isBusy = computed(
    () => isAwaited.value || (app.chat.id.value === null && app.conversations.load.value.state === 'opening'),
  )
  await new Promise<void>(resolve => {
    app.scheduler.after(PATIENCE_MS, resolve)
    void until(isBusy, isNow => !isNow).then(resolve)
  })
  await new Promise<void>(resolve => afterPaint(resolve))
}
