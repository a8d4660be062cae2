import { computed, type ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import type { LoadState } from '../../stores/load-state.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { keyedList } from '../dom/keyed-list.ts'
import type { ChatGroup } from './chat-groups.ts'
import { type ChatRow, chatRow } from './chat-row.ts'
import { loadWords } from './load-words.ts'
import { skeletonRows } from './skeleton.ts'

/** In heights of the view. */
const NEAR = '200%'

export type ChatListOptions = {
  readonly groups: ReadonlySignal<readonly ChatGroup[]>
  readonly hereId: ReadonlySignal<string | null>
  readonly answeringIds: ReadonlySignal<ReadonlySet<string>>
  readonly queuedIds: ReadonlySignal<ReadonlySet<string>>
  readonly unreadIds: ReadonlySignal<ReadonlySet<string>>
  readonly load: ReadonlySignal<LoadState>
  readonly hasMore: ReadonlySignal<boolean>
  /** What stands there when there is nothing to show. */
  readonly emptyWords: ReadonlySignal<string>
  readonly nowMs: ReadonlySignal<number>
  onMore(): void
  /** The end of the list is near. */
  onNear(): void
  onReload(): void
}

/** The chats in groups, with what to show while there are none. */
export function chatList(alive: AbortSignal, options: ChatListOptions): HTMLElement {
  const groups = el('div')
  keyedList(alive, groups, {
    items: options.groups,
    keyOf: group => group.key,
    create: (life, group) => groupOf(life, group, options),
  })
  const more = el('button', { type: 'button', class: 'key list-more' }, 'older chats')
  on(alive, more, 'click', options.onMore)
  bindShown(alive, more, options.hasMore)
  const skeleton = skeletonRows(5)
  bindShown(
    alive,
    skeleton,
    computed(() => options.load.value.state === 'loading'),
  )
  const scroller = el('div', { class: 'scroll list-scroll' }, groups, more, skeleton, emptyWords(alive, options))
  growNearEnd(alive, { scroller, more }, options)
  return scroller
}

function growNearEnd(
  alive: AbortSignal,
  { scroller, more }: { readonly scroller: HTMLElement; readonly more: HTMLElement },
  { groups, onNear }: ChatListOptions,
): void {
  const watcher = new IntersectionObserver(
    entries => {
      if (entries.at(-1)?.isIntersecting === true) onNear()
    },
    { root: scroller, rootMargin: `${NEAR} 0px` },
  )
  // Asked anew after each change: what was near the end may still be near it.
  watch(alive, groups, () => {
    watcher.unobserve(more)
    watcher.observe(more)
  })
  alive.addEventListener('abort', () => watcher.disconnect(), { once: true })
}

function groupOf(alive: AbortSignal, group: ReadonlySignal<ChatGroup>, options: ChatListOptions): HTMLElement {
  const name = el('span', { class: 'name' })
  const sum = el('span', { class: 'num' })
  const rows = el('ul')
  bindText(
    alive,
    name,
    computed(() => group.value.name),
  )
  bindText(
    alive,
    sum,
    computed(() => group.value.sum),
  )
  bindShown(
    alive,
    sum,
    computed(() => group.value.sum !== ''),
  )
  const items = computed<readonly ChatRow[]>(() =>
    group.value.conversations.map(conversation => ({
      conversation,
      isHere: conversation.id === options.hereId.value,
      isAnswering: options.answeringIds.value.has(conversation.id),
      isQueued: options.queuedIds.value.has(conversation.id),
      isUnread: options.unreadIds.value.has(conversation.id),
    })),
  )
  keyedList(alive, rows, {
    items,
    keyOf: row => row.conversation.id,
    create: (life, row) => chatRow(life, row, options.nowMs),
  })
  return el('section', {}, el('h2', { class: 'rule' }, name, el('i', { class: 'fill' }), sum), rows)
}

function emptyWords(alive: AbortSignal, options: ChatListOptions): HTMLElement {
  const words = el('p')
  const again = el('button', { type: 'button', class: 'key brk' }, 'try again')
  on(alive, again, 'click', options.onReload)
  const text = computed(() => {
    const { state } = options.load.value
    if (state !== 'ready') return loadWords(options.load.value, 'These chats')
    return options.groups.value.length > 0 ? '' : options.emptyWords.value
  })
  bindText(alive, words, text)
  bindShown(
    alive,
    again,
    computed(() => options.load.value.state === 'failed'),
  )
  const box = el('div', { class: 'list-empty' }, words, again)
  bindShown(
    alive,
    box,
    computed(() => text.value !== ''),
  )
  return box
}
