import { signal } from '@preact/signals-core'
import { completeCommand } from '#shared/commands/complete-command.ts'
import type { FoundChat } from '../../client/search/find-answer.ts'
import type { LoadState } from '../../client/stores/load-state.ts'
import { chatGroups } from '../../client/ui/components/chat-groups.ts'
import { chatList } from '../../client/ui/components/chat-list.ts'
import { type ChatRow, chatRow } from '../../client/ui/components/chat-row.ts'
import { chosenKeys } from '../../client/ui/components/chosen-keys.ts'
import { foundList } from '../../client/ui/components/found-list.ts'
import { hitKeys } from '../../client/ui/components/hit-keys.ts'
import { monthCash } from '../../client/ui/components/month-cash.ts'
import { openRow } from '../../client/ui/components/open-row.ts'
import { optionList } from '../../client/ui/components/option-list.ts'
import { placeKeys } from '../../client/ui/components/place-keys.ts'
import { putAwayRows, shelfHead } from '../../client/ui/components/put-away.ts'
import { skeletonRows } from '../../client/ui/components/skeleton.ts'
import { el } from '../../client/ui/dom/element.ts'
import { findMenu } from '../../client/ui/menus/find-menu.ts'
import { paletteGroups, slashOptions } from '../../client/ui/menus/shown-options.ts'
import { type Exhibit, nothing } from './exhibit.ts'
import { listedChats, madeConversation, NOW_MS } from './made-up-rows.ts'

const nowMs = signal(NOW_MS)

/** What stands in the list: chats, what was found, what can be chosen. */
export function listExhibits(): readonly Exhibit[] {
  return [rows(), drawnRows(), lists(), found(), options(), keys()]
}

function rowOf(alive: AbortSignal, values: Partial<ChatRow>): HTMLElement {
  const bare = {
    conversation: madeConversation({}),
    isHere: false,
    isAnswering: false,
    isQueued: false,
    isUnread: false,
  }
  return chatRow(alive, signal({ ...bare, ...values }), nowMs)
}

function rows(): Exhibit {
  const state = (values: Partial<ChatRow>) => (alive: AbortSignal) => el('ul', {}, rowOf(alive, values))
  const chat = (values: Parameters<typeof madeConversation>[0]) => state({ conversation: madeConversation(values) })
  return {
    parts: ['components/chat-row', 'components/skeleton'],
    states: {
      plain: chat({ tags: ['work', 'pi'] }),
      here: state({ isHere: true }),
      pinned: chat({ pinned_at: NOW_MS }),
      answering: state({ isAnswering: true }),
      'new answer': state({ isUnread: true }),
      queued: state({ isQueued: true }),
      failed: chat({ last_status: 'error' }),
      interrupted: chat({ last_status: 'interrupted' }),
      stopped: chat({ last_status: 'cancelled' }),
      'without a price': chat({ cost_nanousd: null }),
      'other scripts': chat({
        title: '潮汐と月 🌕 · المد والجزر',
        preview: '月は地球の海を引く。👩‍🚀 يجذب القمر البحار',
      }),
      'not yet here': () => skeletonRows(2),
    },
  }
}

function drawnRows(): Exhibit {
  const state = (dx: number) => (alive: AbortSignal) => {
    const row = rowOf(alive, {})
    const act = (label: string, kind: 'go' | 'stop' | 'bad') => ({ label, kind, run: nothing })
    // Its keys are measured, which they can be in the page alone.
    requestAnimationFrame(() =>
      openRow(row, 'chat', { start: [act('pin', 'go')], end: [act('archive', 'stop'), act('delete', 'bad')] }).draw(dx),
    )
    return el('ul', {}, row)
  }
  return { parts: ['components/open-row'], states: { 'to the left': state(-168), 'to the right': state(84) } }
}

function lists(): Exhibit {
  const state =
    (load: LoadState, { isEmpty = false, hasMore = false } = {}) =>
    (alive: AbortSignal) =>
      chatList(alive, {
        groups: signal(chatGroups(isEmpty ? [] : listedChats(), { costByDay: new Map(), nowMs: NOW_MS })),
        hereId: signal('weekly meal plan'),
        answeringIds: signal(new Set<string>()),
        queuedIds: signal(new Set<string>()),
        unreadIds: signal(new Set<string>()),
        load: signal(load),
        hasMore: signal(hasMore),
        emptyWords: signal('No chats yet.'),
        nowMs,
        onMore: nothing,
        onNear: nothing,
        onReload: nothing,
      })
  return {
    parts: ['components/chat-list'],
    states: {
      'the showcase': state({ state: 'ready' }, { hasMore: true }),
      empty: state({ state: 'ready' }, { isEmpty: true }),
      loading: state({ state: 'loading' }, { isEmpty: true }),
      failed: state({ state: 'failed', failure: { kind: 'offline' } }, { isEmpty: true }),
      'nothing is kept': state({ state: 'closed', reason: 'damaged' }, { isEmpty: true }),
    },
  }
}

const FOUND: readonly FoundChat[] = [
  {
    conversationId: 'one',
    title: { text: 'phone drops the heartbeat', marks: [[16, 25]] },
    atMs: NOW_MS - 300_000,
    messageIds: ['a', 'b'],
    snippet: { text: 'Start with the heartbeat: one line on the server', marks: [[15, 24]] },
  },
  {
    conversationId: 'two',
    title: { text: 'heartbeat of a star', marks: [[0, 9]] },
    atMs: NOW_MS - 9e7,
    messageIds: [],
    snippet: null,
  },
]

function found(): Exhibit {
  const state = (values: Partial<Parameters<typeof foundList>[1]>) => (alive: AbortSignal) =>
    foundList(alive, {
      count: signal('2 hits in 1 chat, 1 by title'),
      where: signal('4 ms, on device'),
      chats: signal(FOUND),
      near: signal([]),
      older: signal([]),
      chosen: signal(null),
      words: signal([]),
      olderWords: signal(''),
      canAskServer: signal(false),
      nowMs,
      onAskServer: nothing,
      ...values,
    })
  const none = { chats: signal([]), count: signal('no hit') }
  return {
    parts: ['components/found-list', 'components/found-row', 'components/hit-keys', 'menus/find-menu'],
    states: {
      'what a filter takes': alive => {
        const known = signal({ models: [], tags: [], today: '2026-11-23' })
        const input = el('input', { type: 'search' })
        return findMenu(alive, { input, text: signal('has:'), known, onWrite: nothing })
      },
      'the hits of an open chat': alive => hitKeys(alive, { words: signal('hit 2 of 4'), onMove: nothing }),
      'one is chosen': state({ chosen: signal(FOUND[0] ?? null) }),
      'near misses, and what is older': state({
        ...none,
        near: signal(FOUND),
        olderWords: signal('The pi may have more than this device keeps.'),
        canAskServer: signal(true),
      }),
      nothing: state({ ...none, words: signal(['No message on this device has all of this.']) }),
    },
  }
}

function options(): Exhibit {
  const conversation = listedChats().map(({ id, title }) => ({ value: id, text: title, detail: '14:05' }))
  const sources = { model: [], persona: [], conversation }
  const state = (text: string, hasConversations: boolean) => (alive: AbortSignal) => {
    const all = completeCommand({ text, sources, hasConversations }).options.slice(0, 8)
    const groups = hasConversations ? paletteGroups(all, false) : [{ name: '', options: slashOptions(all) }]
    const list = optionList(alive, {
      id: `options-${text}`,
      label: 'Results',
      groups: signal(groups),
      selectedId: signal(all[0]?.id ?? null),
      onChoose: nothing,
    })
    return el('div', { class: hasConversations ? null : 'slash' }, list)
  }
  return {
    parts: ['components/option-list', 'components/marked-text', 'menus/shown-options', 'menus/slash-menu'],
    states: {
      'as the palette shows them': state('me', true),
      'in the slash menu': state('m', false),
      'what a command takes': state('theme ', false),
    },
  }
}

function keys(): Exhibit {
  const acts = signal([
    { label: 'archive', run: nothing },
    { label: 'delete', kind: 'bad' as const, run: nothing },
  ])
  const chosen = (count: number) => (alive: AbortSignal) =>
    chosenKeys(alive, { count: signal(count), acts, onAll: nothing, onDone: nothing })
  const cash = (spentNanousd: number, level: 'stop' | null) => (alive: AbortSignal) =>
    monthCash(alive, signal({ spentNanousd, limitNanousd: 20_000_000_000, level }))
  const shelf = (current: 'chats' | 'trash') => ({
    current: signal(current),
    counts: signal({ archive: 12, trash: 3 }),
    onChoose: nothing,
  })
  return {
    parts: ['components/place-keys', 'components/chosen-keys', 'components/put-away', 'components/month-cash'],
    states: {
      'a month with a limit (narrow only)': cash(12_400_000_000, null),
      'the limit is reached (narrow only)': cash(20_000_000_000, 'stop'),
      'places (narrow only)': alive => placeKeys(alive, { here: 'chats', onFind: nothing }),
      'none is chosen': chosen(0),
      'three are chosen': chosen(3),
      'what is put away': alive => putAwayRows(alive, shelf('chats')),
      'in the trash': alive => shelfHead(alive, shelf('trash')),
    },
  }
}
