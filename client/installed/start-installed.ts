import { Workbox } from 'workbox-window'
import { announceDevice } from '../actions/answer-push.ts'
import { followLaunch } from '../actions/follow-launch.ts'
import { followUnread } from '../actions/follow-unread.ts'
import { followUpdates } from '../actions/follow-updates.ts'
import { keepAwake } from '../actions/keep-awake.ts'
import { rescuePage, tellRescue } from '../actions/rescue-page.ts'
import { takeFiles, takeShared } from '../actions/take-shared.ts'
import { createPushEndpoints } from '../api/push-endpoints.ts'
import type { App } from '../app.ts'
import { showBadge } from '../platform/badge.ts'
import { onLaunchFiles } from '../platform/launches.ts'
import { createPushDevice } from '../platform/push.ts'
import { parsePath } from '../platform/router.ts'
import { trustedScriptUrl } from '../platform/trusted-urls.ts'
import { watchUpdates } from '../platform/updates.ts'
import { pageVisible } from '../platform/visibility.ts'
import { createWakeLock } from '../platform/wake-lock.ts'
import { until } from '../signals/until.ts'
import { tellBudget } from '../stores/budget-notes.ts'
import type { OfflineState } from '../stores/installed-store.ts'
import { parseWorkerMessage } from './parse.ts'

/** A list that takes longer keeps nothing else waiting. */
const LONGEST_LIST_MS = 10_000

/**
 * Starts what makes the page an app: the service worker that keeps it here, and what comes in through the system. `script` is an
 * address that only this version has.
 */
export async function startInstalled(app: App, script: string): Promise<void> {
  const { alive, installed } = app
  tellRescue(app)
  // It belongs to no app, and can wait until the first screen stands as well.
  tellBudget(alive, {
    notes: app.notes,
    standing: app.usage.standing,
    openLimits: () => app.router.go({ name: 'page', page: 'setup', part: 'limits' }),
  })
  window.addEventListener('vite:preloadError', () => void rescuePage(app, script), { signal: alive })
  const isVisible = pageVisible(alive)
  followUnread(app, { isVisible, showBadge: count => showBadge(navigator, count) })
  keepAwake(app, { isVisible, lock: createWakeLock(Reflect.get(navigator, 'wakeLock')) })
  onLaunchFiles(window, files => void takeFiles(app, files).catch(reportError), reportError)
  const launched = followLaunch(app, window).then(() => takeShared(app))

  const container: ServiceWorkerContainer | undefined = Reflect.get(navigator, 'serviceWorker')
  await whenListed(app)
  installed.offline.value = container === undefined ? 'insecure' : await keepPage(app, container)
  await launched
}

/** All files of the app are fetched after it: the first list of a new device should not wait for them, nor updates for a list. */
function whenListed({ conversations, scheduler }: App): Promise<void> {
  return new Promise(resolve => {
    scheduler.after(LONGEST_LIST_MS, resolve)
    void until(conversations.load, ({ state }) => state !== 'opening' && state !== 'loading').then(resolve)
  })
}

/** Registers the service worker, by hand: what comes with the build passes its address as a string, which Trusted Types refuse. */
async function keepPage(app: App, container: ServiceWorkerContainer): Promise<OfflineState> {
  const { alive, installed, router } = app
  container.addEventListener(
    'message',
    ({ data }) => {
      const message = parseWorkerMessage(data)
      if (message !== null) router.go(parsePath(message.path))
    },
    { signal: alive },
  )
  // Says that somebody listens, or messages would wait.
  container.startMessages()
  try {
    const workbox = new Workbox(trustedScriptUrl('/sw.js'))
    const registration = await workbox.register({ immediate: true })
    // Only its second call gives none.
    if (registration === undefined) return 'unknown'
    const updates = watchUpdates({ ...app, container, workbox, registration })
    installed.updates.value = updates
    followUpdates(app, updates)
    const ready = await container.ready
    const device = createPushDevice(window, Promise.resolve(ready))
    announceDevice({ device, endpoints: createPushEndpoints(app.api) }).catch(reportError)
    return 'kept'
  } catch (error) {
    // What a certificate that was waved through comes to. A script that cannot be fetched is a TypeError.
    if (error instanceof DOMException && error.name === 'SecurityError') return 'untrusted'
    if (error instanceof TypeError) return 'unfetched'
    throw error
  }
}
