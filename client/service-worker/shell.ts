import { PrecacheController, type PrecacheEntry } from 'workbox-precaching'
import { PrecacheRoute } from 'workbox-precaching/PrecacheRoute.js'
import { registerRoute } from 'workbox-routing'
import { isAppPath } from '#shared/app-paths.ts'
import { withWorkerDatabase } from '../installed/worker-database.ts'

const ACTIVE = 'active'

export interface Shell {
  /** Holds the parts of this version and of those before it that are still wanted. */
  readonly cacheName: string
  /** Fetches every part of this version that is not here yet. */
  install(event: ExtendableEvent): Promise<void>
  /** Lets go of all parts but those of this version and the one before it. */
  tidy(): Promise<void>
}

/** The page and all its parts, kept on this device. Answers for them, online or not. */
export function createShell(parts: readonly (PrecacheEntry | string)[]): Shell {
  const controller = new PrecacheController()
  controller.addToCacheList([...parts])
  const { cacheName } = controller.strategy
  const page = controller.createHandlerBoundToURL('/index.html')

  registerRoute(new PrecacheRoute(controller))
  registerRoute(({ request, url }) => request.mode === 'navigate' && isAppPath(url.pathname), page)
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'),
    async ({ request }) => (await (await caches.open(cacheName)).match(request)) ?? fetch(request),
  )

  return {
    cacheName,
    install: async event => {
      await controller.install(event)
    },
    tidy: async () => {
      const current = [...controller.getURLsToCacheKeys().values()]
      // A tab that still runs the version before may fetch its parts until it is loaded anew.
      const earlier = (await withWorkerDatabase(database => database.get('versions', ACTIVE)))?.keys ?? []
      const wanted = new Set([...current, ...earlier])
      const cache = await caches.open(cacheName)
      for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request)
      await withWorkerDatabase(database => database.put('versions', { name: ACTIVE, keys: current }))
    },
  }
}
