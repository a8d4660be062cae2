import { computed } from '@preact/signals-core'
import type { App } from '../app.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { until } from '../signals/until.ts'

const ID = 'update'
const SETTLE_MS = 1500

/** Says that a newer version is there. Said again, it takes the place of the first. */
export function offerReload(app: App, prepare: () => Promise<void>): void {
  app.notes.show({
    id: ID,
    tag: 'new version',
    tone: 'plain',
    text: 'Comes when this page is loaded anew; what you write is kept.',
    action: { label: 'reload', run: () => void reloadPage(app, prepare) },
  })
}

/** Loads this page anew as soon as that costs nothing: no answer under way, no changed question in the box, every draft kept. */
export async function reloadPage(app: App, prepare: () => Promise<void>): Promise<void> {
  const isTemporary = computed(() => app.chat.id.value === TEMPORARY_CHAT && app.chat.turns.value.length > 0)
  const isBusy = computed(
    () => isTemporary.value || app.runs.registry.live.value.size > 0 || app.composer.editing.value !== null,
  )
  if (isBusy.peek()) {
    const text = isTemporary.peek()
      ? 'Comes when the temporary chat is left or kept.'
      : 'Comes when this answer is done and the question in the box is sent.'
    app.notes.show({ id: ID, tag: 'new version', tone: 'plain', text, action: null })
    await until(isBusy, busy => !busy)
    // Its last calls are still under way, and a worker that is at work is not replaced.
    await new Promise<void>(resolve => app.scheduler.after(SETTLE_MS, resolve))
  }
  if (!(await app.drafts.settle())) {
    const text = 'This device cannot keep what stands in the box. Send it or copy it, then reload this page.'
    app.notes.show({ id: ID, tag: 'not reloaded', tone: 'warn', text, action: null })
    return
  }
  await prepare()
  window.location.reload()
}
