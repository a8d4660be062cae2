import { followRoute } from './actions/follow-route.ts'
import { reopenDevice } from './actions/wake-app.ts'
import type { App } from './app.ts'
import { onHide, onWake } from './platform/connection-hints.ts'
import { afterPaint } from './platform/scheduler.ts'
import { watch } from './signals/watch.ts'

/** Starts what runs by itself: this device's data and their sync, the drafts, the connection line. `startInstalled` fetches and
 * starts what makes this page an app, once the page shows what it was opened for. */
export function startApp(app: App, whenShown: Promise<void>, startInstalled: () => Promise<void>): void {
  followRoute(app)
  followConnection(app)
  onHide(app.alive, app.drafts.flush)
  afterPaint(() => {
    void app.openDevice()
    void app.models.refresh()
  })
  void whenShown.then(() => {
    // Without it an answer comes whole, by the sync.
    startLater(async () => (await import('./actions/follow-answers.ts')).followAnswers(app))
    startLater(startInstalled)
  })
}

/** What could not be fetched comes with the next start. */
function startLater(start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    if (!(error instanceof TypeError)) reportError(error)
  })
}

function followConnection(app: App): void {
  const { alive, connection, models, sync } = app
  // The device knows at once; the next call would only learn it by failing.
  window.addEventListener('offline', () => connection.report({ ok: false, failure: { kind: 'offline' } }), {
    signal: alive,
  })
  // The sync has ears of its own for this.
  onWake(alive, () => {
    void models.refresh()
    reopenDevice(app)
  })
  watch(alive, sync.failure, failure => {
    const { state } = connection.link.peek()
    // A refusal came over a sound way.
    if (failure?.kind === 'refused') return
    if (failure !== null) connection.report({ ok: false, failure })
    else if (state !== 'up' && state !== 'slow' && state !== 'unknown') void models.refresh()
  })
}
