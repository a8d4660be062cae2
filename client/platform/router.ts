import { type ReadonlySignal, signal } from '@preact/signals-core'
import { isId } from '#shared/ids.ts'
import { isBackStep, isUnderStep } from './back-step.ts'
import { chatOfPath, TEMPORARY_CHAT } from './chat-of-path.ts'

/** The full-width pages. Each has its first path segment to itself, but for the tree, which belongs to a chat: `/c/<id>/tree`. */
const PAGE_NAMES = ['tree', 'usage', 'setup'] as const

export type PageName = (typeof PAGE_NAMES)[number]

export type Route =
  | { readonly name: 'chats' | 'archive' | 'trash' }
  /** A null id is the chat that has not been started yet. `messageId` is a message to go to, on whatever branch it stands. */
  | { readonly name: 'chat'; readonly conversationId: string | null; readonly messageId?: string }
  | { readonly name: 'find'; readonly query: string }
  /** `part` is a month, a section; null where the path names none. */
  | { readonly name: 'page'; readonly page: PageName; readonly part: string | null }

export interface Router {
  readonly route: ReadonlySignal<Route>
  /** Goes to a route. `replace` leaves no step for the back gesture. */
  go(route: Route, options?: { readonly replace?: boolean }): void
}

const LISTS = ['chats', 'archive', 'trash'] as const
const TREE_PATH = /^\/c\/([\w-]{36}|temporary)\/tree$/
const PAGE_PATH = /^\/([a-z]+)(?:\/([\w-]{1,100}))?\/?$/

/** True for a route that shows chats in a list. */
export function isListRoute(route: Route): boolean {
  return route.name !== 'chat' && route.name !== 'page'
}

/** The route that a path with its query names; every unknown path is the new chat. */
export function parsePath(url: string): Route {
  const [path = '', search] = url.split('?', 2)
  const query = new URLSearchParams(search)
  if (path === '/find') return { name: 'find', query: query.get('q') ?? '' }
  const list = LISTS.find(name => path === `/${name}`)
  if (list !== undefined) return { name: list }
  const [, first, part = null] = PAGE_PATH.exec(path) ?? []
  const page = PAGE_NAMES.find(name => name === first)
  if (page !== undefined) return { name: 'page', page, part }
  const [, treeOf = null] = TREE_PATH.exec(path) ?? []
  if (treeOf !== null) return { name: 'page', page: 'tree', part: treeOf }
  const conversationId = chatOfPath(path)
  const messageId = query.get('m')
  return { name: 'chat', conversationId, ...(conversationId !== null && isId(messageId) ? { messageId } : {}) }
}

/** The path of a route, as it stands in the address bar and in links. */
export function pathOf(route: Route): string {
  if (route.name === 'page' && route.page === 'tree') return `/c/${route.part}/tree`
  if (route.name === 'page') return route.part === null ? `/${route.page}` : `/${route.page}/${route.part}`
  if (route.name === 'find') return `/find?${new URLSearchParams({ q: route.query })}`
  if (route.name !== 'chat') return `/${route.name}`
  if (route.conversationId === TEMPORARY_CHAT) return `/${TEMPORARY_CHAT}`
  const message = route.messageId === undefined ? '' : `?m=${route.messageId}`
  return route.conversationId === null ? '/' : `/c/${route.conversationId}${message}`
}

/** Routes over the page's real history. Links inside the page are followed without a load. */
export function createRouter(alive: AbortSignal, page: Window): Router {
  const route = signal<Route>(parsePath(urlOf(page.location)))
  const go: Router['go'] = (next, options) => {
    const path = pathOf(next)
    if (path !== urlOf(page.location)) {
      if (options?.replace === true || isBackStep(page.history)) page.history.replaceState(null, '', path)
      else page.history.pushState(null, '', path)
    }
    route.value = next
  }
  const followHistory = (): void => {
    const next = parsePath(urlOf(page.location))
    if (pathOf(next) !== pathOf(route.peek())) route.value = next
    // From the step of a sheet that was closed before: whoever goes back wants to leave the screen.
    else if (isUnderStep(page.history) && page.document.querySelector('dialog[open]') === null) page.history.back()
  }
  page.addEventListener('popstate', followHistory, { signal: alive })
  page.document.addEventListener('click', event => followLink(event, go), { signal: alive })
  return { route, go }
}

function followLink(event: MouseEvent, go: Router['go']): void {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  const link = event.target instanceof Element ? event.target.closest('a[data-route]') : null
  if (event.defaultPrevented || !isPlain || !(link instanceof HTMLAnchorElement)) return
  event.preventDefault()
  go(parsePath(urlOf(link)))
}

function urlOf({ pathname, search }: { readonly pathname: string; readonly search: string }): string {
  return pathname + search
}
