import type { App } from '../../../app.ts'
import { pageSection } from '../../components/page-section.ts'
import { on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { openExport, openImport } from '../open-transfer.ts'

/** Taking everything out, and bringing chats in. */
export function dataSection(alive: AbortSignal, app: App): HTMLElement {
  const row = (title: string, words: string, open: () => void): HTMLElement => {
    const button = el(
      'button',
      { type: 'button', class: 'row-main' },
      el('span', { class: 'row-mark' }),
      el('span', { class: 'row-title' }, title),
      el('span', { class: 'row-sub dim' }, words),
      el('span', { class: 'row-go', 'aria-hidden': 'true' }, '›'),
    )
    on(alive, button, 'click', open)
    return el('li', { class: 'row' }, button)
  }
  return pageSection(
    { id: 'data', title: 'your chats' },
    el(
      'ul',
      { class: 'set' },
      row('take out', 'Markdown, JSON or a page to keep, without keys', () => openExport(app, document.body, null)),
      row('bring in', 'from ChatGPT, Claude, Open WebUI and others', () => openImport(app, document.body)),
    ),
  )
}
