import '../../styles/page.css'
import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { App } from '../../app.ts'
import { connectionLine } from '../components/connection-line.ts'
import { syncWords } from '../components/sync-words.ts'
import { bindText } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { syncView, todayMoney } from './chat-values.ts'

export type PageFrameOptions = {
  readonly title: string
  /** What stands below the title where the status bar shows the connection. */
  readonly summary: ReadonlySignal<string>
  /** What stands at the end of the head. */
  readonly action: HTMLElement | null
  /** The list of its sections, on a wide screen. */
  readonly index: HTMLElement | null
}

/** What every page has: a head with the one h1, and the part that scrolls and takes the focus when the page opens. */
export function pageFrame(
  alive: AbortSignal,
  app: App,
  options: PageFrameOptions,
  ...content: readonly HTMLElement[]
): HTMLElement {
  const connection = connectionLine(alive, {
    link: app.connection.link,
    sync: computed(() => syncWords(syncView(app))),
    nowMs: app.nowMs,
    ...todayMoney(app),
  })
  const summary = el('span', { class: 'dim wide cut' })
  bindText(alive, summary, options.summary)
  const title = el('h1', { class: 'head-name' }, options.title)
  const head = el(
    'header',
    { class: 'head page-head' },
    el('div', { class: 'head-mid' }, title, el('div', { class: 'wide-no' }, connection), summary),
    options.action,
  )
  const main = el('main', { class: 'scroll page-main', tabindex: '-1', 'aria-label': options.title }, ...content)
  return el('div', { class: 'page' }, head, el('div', { class: 'page-body' }, options.index, main))
}
