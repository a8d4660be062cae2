import { computed } from '@preact/signals-core'
import { followRoute } from './actions/follow-route.ts'
import { reopenDevice } from './actions/wake-app.ts'
import type { App } from './app.ts'
import { onHide, onWake } from './platform/connection-hints.ts'
import { watch } from './signals/watch.ts'

const RELOADED_KEY = 'llmr-reloaded'

/** Starts what runs by itself: this device's data and their sync, the drafts, the connection line. */
export function startApp(app: App, whenPainted: Promise<void>): void {
  followRoute(app)
  followConnection(app)
  reloadUnfetched(app)
  onHide(app.alive, () => {
    app.composer.keep()
    app.drafts.flush()
  })
  void whenPainted.then(() => {
    void app.openDevice()
    void app.models.refresh()
  })
}

/** Fetches and starts what can wait for the screen: answers as they come, and what `startInstalled` makes this page an app with. */
export function startLateParts(app: App, startInstalled: () => Promise<void>): void {
  // Without it an answer comes whole, by the sync.
  startLater(async () => (await import('./actions/follow-answers.ts')).followAnswers(app))
  startLater(startInstalled)
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

/**
 * Loads the page anew when a part did not come though the pi answers: a browser never fetches a module again that has failed
 * (https://html.spec.whatwg.org/#module-map). Once, until the device's data have opened; what was typed is kept as the page goes.
 */
function reloadUnfetched({ alive, connection, device, session }: App): void {
  const need = computed(() => {
    if (device.value.state === 'open') return 'none'
    const { state } = connection.link.value
    const isUp = state === 'up' || state === 'slow'
    return isUp && device.value.state === 'closed' && device.value.reason === 'code' ? 'reload' : 'unknown'
  })
  watch(alive, need, what => {
    if (what === 'none') session.remove(RELOADED_KEY)
    if (what !== 'reload' || session.get(RELOADED_KEY) !== null || !session.set(RELOADED_KEY, '1')) return
    window.location.reload()
  })
}
