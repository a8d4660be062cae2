import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { FoundChat } from '../../search/find-answer.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { keyedList } from '../dom/keyed-list.ts'
import { type FoundRow, foundRow } from './found-row.ts'

export type FoundListOptions = {
  /** The rule: how much was found, and where and how fast. */
  readonly count: ReadonlySignal<string>
  readonly where: ReadonlySignal<string>
  readonly chats: ReadonlySignal<readonly FoundChat[]>
  readonly near: ReadonlySignal<readonly FoundChat[]>
  /** What only the server has. */
  readonly older: ReadonlySignal<readonly FoundChat[]>
  readonly chosen: ReadonlySignal<FoundChat | null>
  /** Sentences: nothing found, a filter that cannot be read. */
  readonly words: ReadonlySignal<readonly string[]>
  /** What the server may have; empty where this device has everything. */
  readonly olderWords: ReadonlySignal<string>
  readonly canAskServer: ReadonlySignal<boolean>
  readonly nowMs: ReadonlySignal<number>
  onAskServer(): void
}

/** The results of a search, in the place of the chats. */
export function foundList(alive: AbortSignal, options: FoundListOptions): HTMLElement {
  const name = el('span', { class: 'name', role: 'status' })
  const where = el('span', { class: 'num lo' })
  bindText(alive, name, options.count)
  bindText(alive, where, options.where)
  const rule = el('h2', { class: 'rule' }, name, el('i', { class: 'fill' }), where)
  bindShown(
    alive,
    rule,
    computed(() => options.count.value !== ''),
  )
  return el(
    'div',
    { class: 'scroll list-scroll found', role: 'region', 'aria-label': 'Results' },
    rule,
    rows(alive, options.chats, options),
    sentences(alive, options.words),
    section(alive, 'near misses', options.near, options),
    olderPart(alive, options),
  )
}

function section(
  alive: AbortSignal,
  name: string,
  chats: ReadonlySignal<readonly FoundChat[]>,
  options: FoundListOptions,
): HTMLElement {
  const box = el('section', {}, ruleOf(name), rows(alive, chats, { ...options, isNear: true }))
  bindShown(
    alive,
    box,
    computed(() => chats.value.length > 0),
  )
  return box
}

function ruleOf(name: string): HTMLElement {
  return el('h2', { class: 'rule' }, el('span', { class: 'name' }, name), el('i', { class: 'fill' }))
}

type RowsOptions = Pick<FoundListOptions, 'chosen' | 'nowMs'> & { readonly isNear?: boolean }

function rows(
  alive: AbortSignal,
  chats: ReadonlySignal<readonly FoundChat[]>,
  { chosen, nowMs, isNear = false }: RowsOptions,
): HTMLElement {
  const list = el('ul')
  keyedList(alive, list, {
    items: computed<readonly FoundRow[]>(() =>
      chats.value.map(chat => ({
        chat,
        isNear,
        isChosen: chosen.value?.conversationId === chat.conversationId,
      })),
    ),
    keyOf: ({ chat }) => chat.conversationId,
    create: (life, row) => foundRow(life, row, nowMs),
  })
  return list
}

function sentences(alive: AbortSignal, words: ReadonlySignal<readonly string[]>): HTMLElement {
  const box = el('div', { class: 'list-empty' })
  keyedList(alive, box, {
    items: words,
    keyOf: sentence => sentence,
    create: (_, sentence) => el('p', {}, sentence.peek()),
  })
  bindShown(
    alive,
    box,
    computed(() => words.value.length > 0),
  )
  return box
}

function olderPart(alive: AbortSignal, options: FoundListOptions): HTMLElement {
  const words = el('span')
  bindText(alive, words, options.olderWords)
  const ask = el('button', { type: 'button', class: 'key brk acc' }, 'search the pi too')
  on(alive, ask, 'click', options.onAskServer)
  bindShown(alive, ask, options.canAskServer)
  const box = el(
    'section',
    {},
    ruleOf('older than this device keeps'),
    rows(alive, options.older, options),
    el('p', { class: 'found-older' }, words, ' ', ask),
  )
  bindShown(
    alive,
    box,
    computed(() => options.olderWords.value !== '' || options.older.value.length > 0),
  )
  return box
}
