import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Workbox } from 'workbox-window'
import type { Scheduler } from '#shared/clock.ts'

/** The version of this page against the newest one that its service worker knows. */
export interface Updates {
  /** True once a newer version waits to take over, or has taken over from another tab. */
  readonly isNewer: ReadonlySignal<boolean>
  /** Asks the server for a newer version; false when it could not be asked. */
  check(): Promise<boolean>
  /** Puts the newest version in charge. The page itself stays as it is until it is loaded anew. */
  takeOver(): Promise<void>
}

type Options = {
  readonly alive: AbortSignal
  readonly scheduler: Scheduler
  readonly container: ServiceWorkerContainer
  readonly workbox: Workbox
  readonly registration: ServiceWorkerRegistration
}

/** Browsers let the old worker finish what it does, and some forget to look again. The next load of the page makes them. */
const LONGEST_TAKE_OVER_MS = 5000

/**
 * Watches a registration, which outlives the page and is changed by other tabs too. By hand, for Workbox listens no more once it
 * has seen an update that it did not ask for, and a tab may live through several.
 */
export function watchUpdates({ alive, scheduler, container, workbox, registration }: Options): Updates {
  const isNewer = signal(false)
  // A page that the first worker takes under its wing is of the same version.
  let isKept = container.controller !== null

  const look = (): void => {
    if (registration.waiting !== null && registration.active !== null) isNewer.value = true
  }
  const follow = (worker: ServiceWorker | null): void =>
    worker?.addEventListener('statechange', look, { signal: alive })
  registration.addEventListener('updatefound', () => follow(registration.installing), { signal: alive })
  container.addEventListener(
    'controllerchange',
    () => {
      if (isKept) isNewer.value = true
      isKept = true
    },
    { signal: alive },
  )
  follow(registration.installing)
  look()

  async function takeOver(): Promise<void> {
    // A still newer one is on its way: two steps would load the page twice.
    if (registration.installing !== null)
      await reached(registration.installing, ['installed', 'activated', 'redundant'])
    const { waiting } = registration
    // Another tab was quicker.
    if (waiting === null) return
    workbox.messageSkipWaiting()
    const tooLate = new Promise<null>(resolve => scheduler.after(LONGEST_TAKE_OVER_MS, () => resolve(null)))
    const end = await Promise.race([reached(waiting, ['activated', 'redundant']), tooLate])
    if (end === 'redundant') await takeOver()
  }
  return {
    isNewer,
    async check() {
      try {
        await workbox.update()
        return true
      } catch (error) {
        // Without the server there is nothing newer to be had.
        if (error instanceof TypeError) return false
        throw error
      }
    },
    takeOver,
  }
}

/** The first of these states that a worker is in. Whatever goes wrong with it, it is redundant in the end. */
function reached(worker: ServiceWorker, states: readonly ServiceWorkerState[]): Promise<ServiceWorkerState> {
  return new Promise(resolve => {
    const look = (): void => {
      if (states.includes(worker.state)) resolve(worker.state)
    }
    worker.addEventListener('statechange', look)
    look()
  })
}
