import type { ReadonlySignal } from '@preact/signals-core'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

export type ChatHeadOptions = {
  readonly title: ReadonlySignal<string>
  /** What stands below the title where the status bar shows the connection. */
  readonly summary: ReadonlySignal<string>
  readonly connection: HTMLElement
  readonly canNew: ReadonlySignal<boolean>
  onSession(): void
}

/** The head of a chat: two rows whose middle opens the session sheet. */
export function chatHead(alive: AbortSignal, options: ChatHeadOptions): HTMLElement {
  const heading = el('h1', { class: 'sr' })
  const name = el('span', { class: 'head-name cut', dir: 'auto' })
  const summary = el('span', { class: 'dim wide cut' })
  bindText(alive, heading, options.title)
  bindText(alive, name, options.title)
  bindText(alive, summary, options.summary)
  const said = el('span', { class: 'sr' }, 'session of ')
  const narrow = el('span', { class: 'wide-no' }, options.connection)
  const middle = el(
    'button',
    { type: 'button', class: 'head-mid', 'aria-haspopup': 'dialog' },
    said,
    name,
    narrow,
    summary,
  )
  on(alive, middle, 'click', options.onSession)
  const chats = el(
    'a',
    { class: 'key wide-no', href: '/chats', 'data-route': true, 'aria-label': 'Chats' },
    glyph('≡', 'sign'),
  )
  const fresh = el(
    'a',
    { class: 'key wide-no', href: '/', 'data-route': true, 'aria-label': 'New chat' },
    glyph('+', 'sign'),
  )
  bindShown(alive, fresh, options.canNew)
  return el('header', { class: 'head' }, heading, chats, middle, fresh)
}
