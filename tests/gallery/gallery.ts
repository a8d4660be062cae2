/** Every part of the interface in every state on one page, made of the real components: `npm run dev` serves it at `/gallery`. */
import '../../client/styles/tokens.css'
import '../../client/styles/base.css'
import '../../client/styles/keys.css'
import '../../client/styles/rules.css'
import '../../client/styles/cursor.css'
import '../../client/styles/head.css'
import '../../client/styles/transcript.css'
import '../../client/styles/answer.css'
import '../../client/styles/composer.css'
import '../../client/styles/notes.css'
import '../../client/styles/rows.css'
import '../../client/styles/bar.css'
import '../../client/styles/session.css'
import '../../client/styles/skeleton.css'
import '../../client/styles/first.css'
import '../../client/styles/page.css'
import '../../client/styles/setup.css'
import '../../client/styles/usage.css'
import '../../client/styles/find.css'
import '../../client/styles/organise.css'
import '../../client/styles/menus.css'
import '../../client/styles/transfer.css'
import '../../client/styles/message-sheet.css'
import '../../client/styles/views.css'
import '../../client/styles/states.css'
import './gallery.css'
import { signal } from '@preact/signals-core'
import { trustedScriptUrl } from '../../client/platform/trusted-urls.ts'
import { THEMES } from '../../client/stores/settings-store.ts'
import { choice } from '../../client/ui/components/choice.ts'
import { el } from '../../client/ui/dom/element.ts'
import { createMarkdownKit } from '../../client/ui/markdown-kit.ts'
import highlightWorkerUrl from '../../client/workers/highlight-worker.ts?worker&url'
import markdownWorkerUrl from '../../client/workers/markdown-worker.ts?worker&url'
import { type Exhibit, nothing } from './exhibit.ts'
import { listExhibits } from './list-exhibits.ts'
import { pageExhibits } from './page-exhibits.ts'
import { sheetExhibits } from './sheet-exhibits.ts'
import { talkExhibits } from './talk-exhibits.ts'

type Theme = (typeof THEMES)[number]

const { signal: alive } = new AbortController()
const root = document.documentElement
const showMarkdown = createMarkdownKit({
  spawn: () => new Worker(trustedScriptUrl(markdownWorkerUrl), { type: 'module' }),
  spawnHighlighter: () => new Worker(trustedScriptUrl(highlightWorkerUrl), { type: 'module' }),
  onCopy: nothing,
})
const exhibits = [...talkExhibits(showMarkdown), ...listExhibits(), ...pageExhibits(), ...sheetExhibits()]

// Sheets stand in the page, one below the other, where a modal one would cover the rest.
HTMLDialogElement.prototype.showModal = HTMLDialogElement.prototype.show

function lookLike(theme: Theme): void {
  if (theme === 'auto') delete root.dataset['theme']
  else root.dataset['theme'] = theme
}

function head(): HTMLElement {
  const theme = signal<Theme>(THEMES.find(name => name === root.dataset['theme']) ?? 'auto')
  const width = signal<'phone' | 'wide'>('phone')
  return el(
    'header',
    { class: 'gallery-head' },
    el('h1', { class: 'bright' }, 'gallery'),
    choice(alive, {
      label: 'theme',
      values: THEMES,
      current: theme,
      onChange: next => {
        theme.value = next
        lookLike(next)
      },
    }),
    choice(alive, {
      label: 'width',
      values: ['phone', 'wide'],
      current: width,
      onChange: next => {
        width.value = next
        document.body.dataset['width'] = next
      },
    }),
  )
}

const anchorOf = ({ parts }: Exhibit): string => parts[0] ?? ''
const names = exhibits.flatMap(exhibit => exhibit.parts.map(part => el('a', { href: `#${anchorOf(exhibit)}` }, part)))

function sectionOf(exhibit: Exhibit): HTMLElement {
  const shown = Object.entries(exhibit.states).map(([name, make]) =>
    el(
      'figure',
      { class: 'exhibit' },
      el('figcaption', { class: 'dim' }, name),
      el('form', { class: 'frame' }, make(alive)),
    ),
  )
  return el(
    'section',
    { id: anchorOf(exhibit) },
    el('h2', { class: 'rule' }, el('span', { class: 'name' }, exhibit.parts.join(' · ')), el('i', { class: 'fill' })),
    el('div', { class: 'exhibits' }, ...shown),
  )
}

document.body.append(
  head(),
  el('ul', { class: 'gallery-names', 'aria-label': 'All parts' }, ...names.map(name => el('li', {}, name))),
  ...exhibits.map(sectionOf),
)
// The last sheet to open took the focus.
requestAnimationFrame(() =>
  requestAnimationFrame(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    window.scrollTo(0, 0)
    document.body.dataset['isReady'] = ''
  }),
)
