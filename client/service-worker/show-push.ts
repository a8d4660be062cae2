import type { PushMessage } from '#shared/wire/push.ts'
import { markUnread } from '../installed/unread-answers.ts'
import type { FromServiceWorker } from '../installed/worker-messages.ts'
import { chatOfPath } from '../platform/chat-of-path.ts'

const UNREADABLE: PushMessage['notification'] = { title: 'llm router', body: 'There is something new.', navigate: '/' }

/** Shows what the server has pushed, and counts the answer among those nobody has seen. */
export async function showPush(scope: ServiceWorkerGlobalScope, message: PushMessage | null): Promise<void> {
  // A browser takes the right to push from a page that stays silent, so a message that cannot be read is shown as well.
  const { title, body, navigate, tag } = message?.notification ?? UNREADABLE
  const path = ownPath(scope, navigate)
  const options = {
    icon: '/icons/any-192.png',
    badge: '/icons/monochrome-512.png',
    data: { path },
    ...(body === undefined ? {} : { body }),
    ...(tag === undefined ? {} : { tag }),
  }
  // The number on the icon must not keep the words waiting.
  await Promise.all([scope.registration.showNotification(title, options), countUnread(scope, path)])
}

async function countUnread(scope: ServiceWorkerGlobalScope, path: string): Promise<void> {
  const conversationId = chatOfPath(path)
  if (conversationId === null || (await isLookedAt(scope, path))) return
  const unread = await markUnread(conversationId)
  if ('setAppBadge' in scope.navigator) await scope.navigator.setAppBadge(unread.length)
}

/** Brings the page that is open to what a notification is about, or opens one. */
export async function openNotification(scope: ServiceWorkerGlobalScope, notification: Notification): Promise<void> {
  notification.close()
  const path = ownPath(scope, String(notification.data?.path ?? '/'))
  const pages = await scope.clients.matchAll({ type: 'window' })
  const page = pages.find(({ focused }) => focused) ?? pages[0]
  if (page === undefined) {
    await scope.clients.openWindow(path)
    return
  }
  // First the way, then the window: a browser may refuse to bring that to the front.
  page.postMessage({ kind: 'go', path } satisfies FromServiceWorker)
  await page.focus()
}

/** Only a path of our own: a message never leads elsewhere. */
function ownPath({ location }: ServiceWorkerGlobalScope, url: string): string {
  const target = URL.parse(url, location.origin)
  return target?.origin === location.origin ? target.pathname : '/'
}

async function isLookedAt({ clients }: ServiceWorkerGlobalScope, path: string): Promise<boolean> {
  const pages = await clients.matchAll({ type: 'window' })
  return pages.some(({ visibilityState, url }) => visibilityState === 'visible' && new URL(url).pathname === path)
}
