import { computed } from '@preact/signals-core'
import { reloadPage } from '../../../actions/reload-page.ts'
import type { App } from '../../../app.ts'
import { createInstall, type InstallState } from '../../../platform/install.ts'
import { isAppleTouch } from '../../../platform/push.ts'
import type { OfflineState } from '../../../stores/installed-store.ts'
import { type Fact, factList } from '../../components/facts.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindShown, bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'

/** Whether this page is an app on this device, opens without the server, and is of the newest version. */
export function installSection(alive: AbortSignal, app: App): HTMLElement {
  const { offer, offline, updates } = app.installed
  const install = createInstall(alive, window, offer)
  const isNewer = computed(() => updates.value?.isNewer.value === true)
  const words = el('p', { class: 'dim' })
  bindText(
    alive,
    words,
    computed(() => wordsOf(install.state.value, offline.value)),
  )
  const ask = el('button', { type: 'button', class: 'key brk' }, 'install')
  on(alive, ask, 'click', () => void install.ask())
  bindShown(
    alive,
    ask,
    computed(() => install.state.value === 'ready'),
  )
  const reload = el('button', { type: 'button', class: 'key brk' }, 'reload')
  on(alive, reload, 'click', () => void reloadPage(app, async () => updates.peek()?.takeOver()))
  bindShown(alive, reload, isNewer)
  const facts = factList(
    alive,
    computed(() => [
      install.state.value === 'installed'
        ? ({ name: 'app', value: '✓ installed', tone: 'ok' } as const)
        : { name: 'app', value: 'a page in a browser' },
      offlineFact(offline.value),
      { name: 'version', value: isNewer.value ? 'a newer one is here' : 'no newer one known' },
    ]),
  )
  return pageSection({ id: 'app', title: 'app' }, el('div', { class: 'pad' }, facts, words, ask, reload))
}

function offlineFact(offline: OfflineState): Fact {
  const name = 'opens without the pi'
  switch (offline) {
    case 'kept':
      return { name, value: '✓ yes', tone: 'ok' }
    case 'unknown':
      return { name, value: 'being copied' }
    case 'unfetched':
      return { name, value: 'not yet', tone: 'warn' }
    case 'insecure':
    case 'untrusted':
      return { name, value: 'no', tone: 'warn' }
    default:
      return offline satisfies never
  }
}

function wordsOf(install: InstallState, offline: OfflineState): string {
  if (offline === 'untrusted')
    return 'The certificate of this page was waved through, not trusted. Browsers keep nothing of such a page: trust it first, under /https on your pi.'
  switch (install) {
    case 'installed':
      return 'Its icon shows how many chats have an answer that you have not seen, where the system can.'
    case 'ready':
      return 'It gets an icon and a window of its own. Nothing else changes.'
    case 'insecure':
      return 'Browsers install, and keep for later, only what came over HTTPS. How to get there stands under /https on your pi.'
    case 'by-hand':
      return isAppleTouch(navigator)
        ? 'To install it: share → add to home screen.'
        : 'To install it, look for “install” or “add to home screen” in the menu of the browser.'
    default:
      return install satisfies never
  }
}
