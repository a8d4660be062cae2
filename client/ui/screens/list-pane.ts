import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { App } from '../../app.ts'
import type { Shelf } from '../../device/device.ts'
import { isListRoute } from '../../platform/router.ts'
import { watch } from '../../signals/watch.ts'
import type { OutboxEntry } from '../../sync/outbox.ts'
import { chatGroups } from '../components/chat-groups.ts'
import { chatList } from '../components/chat-list.ts'
import { connectionLine } from '../components/connection-line.ts'
import { noteRows } from '../components/notes.ts'
import { placeKeys } from '../components/place-keys.ts'
import type { SyncWords } from '../components/sync-words.ts'
import { bindAttribute } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { monthCashOf, todayMoney } from './chat-values.ts'

export type ListPaneOptions = {
  /** It is all there is on the screen, or is not there. */
  readonly isNarrow: ReadonlySignal<boolean>
  /** What else there is to fetch waits for this. */
  readonly whenPainted: Promise<void>
  readonly sync: ReadonlySignal<SyncWords>
  /** A tap on the sync field. */
  onSync(): void
  /** Tries the server again. */
  onWake(): void
}

const NO_COSTS: ReadonlyMap<string, number> = new Map()

const EMPTY_WORDS: Readonly<Record<Shelf, string>> = {
  chats: 'No chats yet.',
  archive: 'Nothing is in the archive.',
  trash: 'The trash is empty.',
}

export type ListPane = {
  readonly element: HTMLElement
  readonly head: HTMLElement
  readonly findInput: HTMLInputElement
  /** Looks for words, where some are given. */
  focusFind(words?: string): void
}

/** The chats: a whole screen on a phone, the left pane on a wide one. */
export function listPane(alive: AbortSignal, app: App, options: ListPaneOptions): ListPane {
  const findInput = findField(alive, app)
  const store = computed(() => (app.shelf.current.value === 'chats' ? app.conversations : app.shelf.chats))
  const { isNarrow } = options
  const isScreen = computed(() => isNarrow.value && isListRoute(app.router.route.value))
  // Rows that are out of sight need not be in the first frame.
  const isPainted = signal(false)
  const isListed = computed(() => isPainted.value || isScreen.value || !isNarrow.value)
  const list = chatList(alive, {
    groups: computed(() =>
      chatGroups(isListed.value ? store.value.list.value : [], {
        costByDay: app.shelf.current.value === 'chats' ? app.usage.costByDay.value : NO_COSTS,
        nowMs: app.nowMs.value,
      }),
    ),
    hereId: app.chat.id,
    answeringIds: computed(() => new Set([...app.runs.registry.live.value.values()].map(run => run.conversationId))),
    unreadIds: app.installed.unread,
    queuedIds: computed(
      () => new Set(app.sync.outbox.value.filter(isHere).map(({ prompt }) => prompt.conversation_id)),
    ),
    load: computed(() => store.value.load.value),
    hasMore: computed(() => store.value.hasMore.value),
    emptyWords: computed(() => EMPTY_WORDS[app.shelf.current.value]),
    nowMs: app.nowMs,
    onMore: () => store.peek().showMore(),
    onNear: () => store.peek().comeNear(),
    onReload: options.onWake,
  })
  void options.whenPainted.then(() => {
    isPainted.value = true
    // Without it the list still lists; a part that cannot be fetched comes with the next load of the page.
    import('./organise-list.ts').then(
      ({ organiseList }) => organiseList(alive, app, { list, pane: element }),
      reportError,
    )
  })
  const focusFind = (words?: string): void => {
    if (words !== undefined) app.router.go({ name: 'find', query: words })
    findInput.focus()
  }
  const head = listHead(alive, app, options)
  const notes = el('div', { class: 'wide-no' }, noteRows(alive, app.notes.notes, app.notes.hide))
  const element = el(
    'div',
    { class: 'list', 'aria-label': 'Chats' },
    head,
    el('label', { class: 'find' }, glyph('/'), findInput),
    list,
    notes,
    placeKeys(alive, { here: 'chats', onFind: () => focusFind() }),
  )
  bindAttribute(
    alive,
    element,
    'role',
    computed(() => (isScreen.value ? 'main' : 'navigation')),
  )
  return { element, head, findInput, focusFind }
}

function isHere({ state }: OutboxEntry): boolean {
  return state === 'waiting' || state === 'held'
}

function listHead(alive: AbortSignal, app: App, options: ListPaneOptions): HTMLElement {
  const brand = el('div', { class: 'brand' }, 'llm', el('i', { class: 'cursor', 'aria-hidden': 'true' }), 'router')
  // The screen's one h1 is the chat's title, save on the phone's list, where that is out of sight.
  watch(alive, app.router.route, route => {
    if (isListRoute(route)) {
      brand.setAttribute('role', 'heading')
      brand.setAttribute('aria-level', '1')
    } else {
      brand.removeAttribute('role')
      brand.removeAttribute('aria-level')
    }
  })
  const { money, moneyTone } = todayMoney(app)
  const cash = monthCashOf(app)
  const connection = connectionLine(alive, {
    link: app.connection.link,
    sync: options.sync,
    nowMs: app.nowMs,
    moneyTone,
    // With a limit the month stands beside it.
    money: computed(() => (cash.value === null ? money.value : '')),
    onSync: options.onSync,
  })
  const fresh = el('a', { class: 'key wide', href: '/', 'data-route': true }, '+ new')
  return el(
    'div',
    { class: 'list-head' },
    el('div', { class: 'list-brand' }, brand, el('div', { class: 'wide-no' }, connection)),
    fresh,
  )
}

/** What is typed here is looked for by `find-screen.ts`. */
function findField(alive: AbortSignal, app: App): HTMLInputElement {
  const input = el('input', {
    class: 'field',
    type: 'search',
    'aria-label': 'Find in chats',
    enterkeyhint: 'search',
    autocomplete: 'off',
  })
  watch(
    alive,
    computed(() => app.conversations.list.value.length),
    count => {
      input.placeholder =
        count === 0
          ? 'find a chat'
          : `find in ${count}${app.conversations.hasMore.peek() ? '+' : ''} ${count === 1 ? 'chat' : 'chats'}`
    },
  )
  return input
}
