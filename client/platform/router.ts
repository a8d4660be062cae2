import { type ReadonlySignal, signal } from '@preact/signals-core'
import { isId } from '#shared/ids.ts'

export type Route =
  | { readonly name: 'chats' }
  /** A null id is the chat that has not been started yet. */
  | { readonly name: 'chat'; readonly conversationId: string | null }

export interface Router {
  readonly route: ReadonlySignal<Route>
  /** Goes to a route. `replace` leaves no step for the back gesture. */
  go(route: Route, options?: { readonly replace?: boolean }): void
}

/** The route that a path names; every unknown path is the new chat. */
export function parsePath(path: string): Route {
  if (path === '/chats') return { name: 'chats' }
  const id = path.startsWith('/c/') ? path.slice(3) : null
  return { name: 'chat', conversationId: isId(id) ? id : null }
}

/** The path of a route, as it stands in the address bar and in links. */
export function pathOf(route: Route): string {
  if (route.name === 'chats') return '/chats'
  return route.conversationId === null ? '/' : `/c/${route.conversationId}`
}

/** Routes over the page's real history. Links inside the page are followed without a load. */
export function createRouter(alive: AbortSignal, page: Window): Router {
  const route = signal<Route>(parsePath(page.location.pathname))
  const go: Router['go'] = (next, options) => {
    const path = pathOf(next)
    if (path !== page.location.pathname) {
      if (options?.replace === true) page.history.replaceState(null, '', path)
      else page.history.pushState(null, '', path)
    }
    route.value = next
  }
  page.addEventListener('popstate', () => go(parsePath(page.location.pathname)), { signal: alive })
  page.document.addEventListener('click', event => followLink(event, go), { signal: alive })
  return { route, go }
}

function followLink(event: MouseEvent, go: Router['go']): void {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  const link = event.target instanceof Element ? event.target.closest('a[data-route]') : null
  if (event.defaultPrevented || !isPlain || !(link instanceof HTMLAnchorElement)) return
  event.preventDefault()
  go(parsePath(link.pathname))
}
