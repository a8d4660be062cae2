/**
 * The service worker, named as its address is. One classic script: it keeps the page and its parts on this device, takes what
 * other apps share, and shows what the server pushes. It never touches the API, and never opens the database of the chats.
 */
import type { PrecacheEntry } from 'workbox-precaching'
import { registerRoute } from 'workbox-routing'
import { isSkipWaiting, parsePushMessage } from './parse.ts'
import { receiveShare } from './receive-share.ts'
import { createShell } from './shell.ts'
import { openNotification, showPush } from './show-push.ts'
import { routePast } from './static-routing.ts'

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[] }

const shell = createShell(self.__WB_MANIFEST)

registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === '/share',
  ({ request }) => receiveShare(request),
  'POST',
)

self.addEventListener('install', event => {
  const routes = { '/api/*': 'network', '/health': 'network', '/assets/*': { cacheName: shell.cacheName } } as const
  event.waitUntil(Promise.all([shell.install(event), routePast(event, routes)]))
})

self.addEventListener('activate', event => {
  // The page that installed the first version is kept by it from then on, and not only from its next load.
  event.waitUntil(Promise.all([self.clients.claim(), shell.tidy()]))
})

self.addEventListener('message', event => {
  if (isSkipWaiting(event.data)) event.waitUntil(self.skipWaiting())
})

self.addEventListener('push', event => {
  event.waitUntil(showPush(self, parsePushMessage(event.data?.text() ?? '')))
})

self.addEventListener('notificationclick', event => {
  event.waitUntil(openNotification(self, event.notification))
})
