import { computed } from '@preact/signals-core'
import type { App } from '../../app.ts'
import { type PageName, pathOf } from '../../platform/router.ts'
import { childLife, watch } from '../../signals/watch.ts'
import { noteRows } from '../components/notes.ts'
import { placeKeys } from '../components/place-keys.ts'
import type { Place } from '../components/status-bar.ts'
import { el } from '../dom/element.ts'

/** A full-width page: built once (see `page-frame.ts`), and gone with `alive`. It reads its part of the path from the route. */
type Page = (alive: AbortSignal, app: App) => HTMLElement

type PageEntry = {
  /** The keys that count on it, for the status bar. */
  readonly hint: string
  /** Its code and its styles, fetched when it is opened for the first time. */
  readonly load: () => Promise<Page>
}

/** To add a page: its name in `PAGE_NAMES` of the router, and a line here. */
const PAGES: Readonly<Record<PageName, PageEntry>> = {
  tree: {
    hint: 'esc back   ↵ go there   b branch   d delete',
    load: async () => (await import('./tree-page.ts')).treePage,
  },
  usage: {
    hint: '← → month · t table · e export csv',
    load: async () => (await import('./usage-page.ts')).usagePage,
  },
  setup: { hint: 'esc back', load: async () => (await import('./setup-page.ts')).setupPage },
}

/** The page that is open, null for the chats. */
export function pageOf(app: App): PageName | null {
  const route = app.router.route.value
  return route.name === 'page' ? route.page : null
}

export function pageHint(app: App): string {
  const page = pageOf(app)
  return page === null ? '' : PAGES[page].hint
}

/** Where the status bar leads to, in the order of the keys 1, 2, 3. */
export function placesOf(app: App): readonly Place[] {
  const chat = computed(() => pathOf({ name: 'chat', conversationId: app.chat.id.value }))
  const page = (name: PageName) => computed(() => pathOf({ name: 'page', page: name, part: null }))
  return [
    { name: 'chat', label: '1 chat', path: chat },
    { name: 'usage', label: '2 usage', path: page('usage') },
    { name: 'setup', label: '3 setup', path: page('setup') },
  ]
}

/**
 * Lays the page that the route names over the screen, and takes it off again. What lies below stays as it is, out of reach;
 * focus goes to the page, and at the end back to where it was.
 */
export function coverWithPages(app: App, screen: HTMLElement, focusFind: () => void): void {
  const below = [...screen.children].filter(part => part instanceof HTMLElement && !part.matches('.bar, .sr'))
  let opener: Element | null = null
  let shown: ReturnType<typeof childLife> | null = null
  let cover: HTMLElement | null = null

  const setBelow = (isCovered: boolean): void => {
    for (const part of below) part.toggleAttribute('inert', isCovered)
  }
  const show = (page: PageName, build: Page, alive: AbortSignal): void => {
    const foot = el(
      'div',
      { class: 'cover-foot' },
      noteRows(alive, app.notes.notes, app.notes.hide),
      placeKeys(alive, { here: page, onFind: find }),
    )
    const next = el('div', { class: 'cover' }, build(alive, app), foot)
    cover?.remove()
    cover = next
    setBelow(true)
    screen.append(next)
    next.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
  }
  const find = (): void => {
    app.router.go({ name: 'chats' })
    focusFind()
  }
  const close = (): void => {
    cover?.remove()
    cover = null
    setBelow(false)
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    opener = null
  }

  // A link to a page shows the page, not first the chat.
  setBelow(pageOf(app) !== null)
  watch(
    app.alive,
    computed(() => pageOf(app)),
    page => {
      shown?.end()
      if (page === null) return close()
      const life = childLife(app.alive)
      shown = life
      opener ??= document.activeElement
      const missing = (): void => {
        if (!life.alive.aborted) sayMissing(app, page)
      }
      const loaded = PAGES[page].load()
      void loaded.then(build => life.alive.aborted || show(page, build, life.alive), missing)
    },
  )
}

function sayMissing(app: App, page: PageName): void {
  const path = pathOf(app.router.route.peek())
  app.router.go({ name: 'chat', conversationId: app.chat.id.peek() }, { replace: true })
  const text = `The ${page} page could not be fetched. Load it anew when the pi answers.`
  // A browser remembers a module that failed for as long as the document lives.
  const action = { label: 'reload', run: () => window.location.assign(path) }
  app.notes.show({ id: 'page', tag: 'not here', tone: 'warn', text, action })
}
