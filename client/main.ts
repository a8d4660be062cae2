import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/keys.css'
import './styles/rules.css'
import './styles/cursor.css'
import './styles/head.css'
import './styles/transcript.css'
import './styles/answer.css'
import './styles/answer-text.css'
import './styles/answer-blocks.css'
import './styles/composer.css'
import './styles/notes.css'
import './styles/rows.css'
import './styles/bar.css'
import './styles/session.css'
import './styles/skeleton.css'
import './styles/first.css'
import './styles/views.css'
import './styles/states.css'
import { copyToClipboard } from './actions/copy-to-clipboard.ts'
import { createApp } from './create-app.ts'
import { applyAppearance, onSchemeChange } from './platform/appearance.ts'
import { followKeyboard } from './platform/keyboard-insets.ts'
import { openLocalStore, pageStorage } from './platform/local-store.ts'
import { afterPaint } from './platform/scheduler.ts'
import { spawnAhead } from './platform/spawn-ahead.ts'
import { trustedScriptUrl } from './platform/trusted-urls.ts'
import { watch } from './signals/watch.ts'
import { startApp, startLateParts } from './start-app.ts'
import { lazyMarkdown } from './ui/lazy-markdown.ts'
import { appScreen } from './ui/screens/app-screen.ts'
import highlightWorkerUrl from './workers/highlight-worker.ts?worker&url'
import markdownWorkerUrl from './workers/markdown-worker.ts?worker&url'
import searchWorkerUrl from './workers/search-worker.ts?worker&url'
import syncWorkerUrl from './workers/sync-worker.ts?worker&url'
import transferWorkerUrl from './workers/transfer-worker.ts?worker&url'

// Its first script's address is what no other version has.
const BUILD = new URL(import.meta.url).pathname
const life = new AbortController()
const app = createApp({
  alive: life.signal,
  build: BUILD,
  store: openLocalStore(pageStorage('localStorage')),
  session: openLocalStore(pageStorage('sessionStorage')),
  openDevice: async options => {
    const sync = spawnAhead(() => new Worker(trustedScriptUrl(syncWorkerUrl), { type: 'module' }))
    try {
      const { openDevice } = await import('./device/open-device.ts')
      return await openDevice({
        ...options,
        spawn: sync.take,
        spawnSearch: () => new Worker(trustedScriptUrl(searchWorkerUrl), { type: 'module' }),
      })
    } finally {
      sync.drop()
    }
  },
  openTransfer: async options => {
    const { createTransfer } = await import('./transfer/transfer.ts')
    return createTransfer({
      ...options,
      spawn: () => new Worker(trustedScriptUrl(transferWorkerUrl), { type: 'module' }),
    })
  },
})
const lookAsSet = (): void => applyAppearance(document.documentElement, app.settings.settings.peek())
watch(life.signal, app.settings.settings, lookAsSet)
onSchemeChange(life.signal, lookAsSet)
followKeyboard(life.signal, document.documentElement)

const whenPainted = new Promise<void>(resolve => afterPaint(resolve))
// First of all that waits for the paint: what this device keeps should not stand behind other files.
startApp(app, whenPainted)
const showMarkdown = lazyMarkdown(app.lastScreen.found, async () => {
  const { createMarkdownKit } = await import('./ui/markdown-kit.ts')
  return createMarkdownKit({
    spawn: () => new Worker(trustedScriptUrl(markdownWorkerUrl), { type: 'module' }),
    spawnHighlighter: () => new Worker(trustedScriptUrl(highlightWorkerUrl), { type: 'module' }),
    isEager: app.chat.id.peek() !== null && app.lastScreen.found.chat === null,
    onCopy: code => void copyToClipboard(app, code),
  })
})
appScreen(app, document.body, { showMarkdown, whenPainted })
void whenPainted.then(() => {
  startLateParts(app, async () => {
    // Vite's own server has no service worker.
    if (import.meta.env.DEV) return
    const { startInstalled } = await import('./installed/start-installed.ts')
    await startInstalled(app, BUILD)
  })
})
