import '../../styles/organise.css'
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Conversation } from '#shared/records.ts'
import { pinConversations } from '../../actions/pin-conversations.ts'
import { purgeConversations } from '../../actions/purge-conversations.ts'
import { shelveConversations } from '../../actions/shelve-conversations.ts'
import type { App } from '../../app.ts'
import type { Shelf } from '../../device/device.ts'
import { parsePath } from '../../platform/router.ts'
import { watch } from '../../signals/watch.ts'
import { type ChosenAct, chosenKeys } from '../components/chosen-keys.ts'
import type { RowActs } from '../components/open-row.ts'
import { putAwayRows, shelfHead } from '../components/put-away.ts'
import { rowGestures } from '../components/row-gestures.ts'
import { setAttribute } from '../dom/element.ts'
import { openExport } from './open-transfer.ts'
import { tagChats } from './tag-chats.ts'

type ListParts = {
  readonly pane: HTMLElement
  /** The scrolling list, with a row for each chat. */
  readonly list: HTMLElement
}

/** The chats that are chosen; null while nothing is being chosen. */
type Choice = Signal<ReadonlySet<string> | null>

/** Adds to the list what puts chats in order: shelves, rows that can be drawn aside, and several chosen at once. */
export function organiseList(alive: AbortSignal, app: App, { pane, list }: ListParts): void {
  const choice: Choice = signal(null)
  const shown = computed(() => {
    const store = app.shelf.current.value === 'chats' ? app.conversations : app.shelf.chats
    return store.list.value
  })
  const chosen = computed(() => shown.value.filter(({ id }) => choice.value?.has(id) === true))
  const begin = (...ids: readonly string[]): void => {
    choice.value = new Set(ids)
  }
  const done = (): void => {
    choice.value = null
  }
  const shelf = {
    current: app.shelf.current,
    counts: app.shelf.putAway,
    onChoose: () => begin(),
  }
  list.prepend(shelfHead(alive, shelf))
  list.append(putAwayRows(alive, shelf))
  pane.append(
    chosenKeys(alive, {
      count: computed(() => (choice.value === null ? null : chosen.value.length)),
      acts: computed(() => bulkActs(app, chosen, app.shelf.current.value, done)),
      onAll: () => begin(...shown.peek().map(({ id }) => id)),
      onDone: done,
    }),
  )
  watch(alive, app.shelf.current, done)
  chooseWithRows(alive, list, { choice, shown })
  watch(
    alive,
    computed(() => choice.value !== null),
    isChoosing => setAttribute(pane, 'data-choosing', isChoosing),
  )
  rowGestures(alive, list, {
    scheduler: app.scheduler,
    idOf,
    isOn: () => choice.peek() === null,
    acts: () => rowActs(app, app.shelf.current.peek(), id => shown.peek().find(row => row.id === id)),
    onHold: id => begin(id),
  })
}

/** The chat that a row leads to. */
function idOf(row: HTMLElement): string | null {
  const link = row.querySelector('a.row-main')
  const route = link instanceof HTMLAnchorElement ? parsePath(link.pathname) : null
  return route?.name === 'chat' ? route.conversationId : null
}

function chooseWithRows(
  alive: AbortSignal,
  list: HTMLElement,
  { choice, shown }: { readonly choice: Choice; readonly shown: ReadonlySignal<readonly Conversation[]> },
): void {
  list.addEventListener(
    'click',
    event => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null
      const id = row === null ? null : idOf(row)
      const isAsked = choice.peek() !== null || event.ctrlKey || event.metaKey
      if (id === null || !isAsked || event.defaultPrevented) return
      event.preventDefault()
      const next = new Set(choice.peek())
      if (!next.delete(id)) next.add(id)
      choice.value = next
    },
    { signal: alive, capture: true },
  )
  list.addEventListener(
    'keydown',
    event => {
      if (event.key !== 'Escape' || choice.peek() === null) return
      event.stopPropagation()
      choice.value = null
    },
    { signal: alive },
  )
  watch(
    alive,
    computed(() => ({ ids: choice.value, rows: shown.value })),
    ({ ids }) => {
      // The rows of this very change are made by another effect of it.
      queueMicrotask(() => {
        for (const row of list.querySelectorAll<HTMLElement>('.row')) markRow(row, ids)
      })
    },
  )
}

function markRow(row: HTMLElement, chosen: ReadonlySet<string> | null): void {
  const link = row.querySelector('a.row-main')
  const id = idOf(row)
  if (link === null || id === null) return
  setAttribute(link, 'role', chosen === null ? null : 'checkbox')
  setAttribute(link, 'aria-checked', chosen === null ? null : String(chosen.has(id)))
}

function rowActs(app: App, shelf: Shelf, find: (id: string) => Conversation | undefined): RowActs {
  const act = (run: (conversation: Conversation) => void) => (id: string) => {
    const conversation = find(id)
    if (conversation !== undefined) run(conversation)
  }
  const move = (to: Shelf) => act(conversation => void shelveConversations(app, [conversation], to))
  if (shelf === 'trash') {
    return {
      start: [{ label: 'restore', kind: 'go', run: move('chats') }],
      end: [{ label: 'for good', kind: 'bad', run: act(row => purgeConversations(app, [row])) }],
    }
  }
  const pin = act(({ id }) => void pinConversations(app, [id]))
  const isArchive = shelf === 'archive'
  return {
    start: [isArchive ? { label: 'back', kind: 'go', run: move('chats') } : { label: 'pin', kind: 'go', run: pin }],
    end: [
      ...(isArchive ? [] : [{ label: 'archive', kind: 'stop', run: move('archive') } as const]),
      { label: 'delete', kind: 'bad', run: move('trash') },
    ],
  }
}

function bulkActs(
  app: App,
  chosen: ReadonlySignal<readonly Conversation[]>,
  shelf: Shelf,
  done: () => void,
): readonly ChosenAct[] {
  const act = (run: (conversations: readonly Conversation[]) => void) => () => {
    const conversations = chosen.peek()
    done()
    run(conversations)
  }
  const move = (to: Shelf) => act(conversations => void shelveConversations(app, conversations, to))
  if (shelf === 'trash') {
    return [
      { label: 'restore', run: move('chats') },
      { label: 'for good', kind: 'bad', run: act(rows => purgeConversations(app, rows)) },
    ]
  }
  return [
    ...(shelf === 'archive'
      ? [{ label: 'back', run: move('chats') }]
      : [
          {
            label: 'pin',
            run: act(
              rows =>
                void pinConversations(
                  app,
                  rows.map(({ id }) => id),
                ),
            ),
          },
          { label: 'archive', run: move('archive') },
        ]),
    { label: 'take out', run: act(conversations => openExport(app, document.body, conversations)) },
    { label: 'tag', run: act(conversations => tagChats(app, document.body, conversations)) },
    { label: 'delete', kind: 'bad', run: move('trash') },
  ]
}
