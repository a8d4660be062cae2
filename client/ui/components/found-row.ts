import { computed, type ReadonlySignal } from '@preact/signals-core'
import { pathOf } from '../../platform/router.ts'
import type { FoundChat, MarkedText } from '../../search/find-answer.ts'
import { watch } from '../../signals/watch.ts'
import { bindAttribute } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { formatCount, formatWhen } from '../format.ts'

export type FoundRow = { readonly chat: FoundChat; readonly isChosen: boolean; readonly isNear: boolean }

/** A chat in which something was found: title and time, below them how often and where, with the words in reverse. */
export function foundRow(
  alive: AbortSignal,
  row: ReadonlySignal<FoundRow>,
  nowMs: ReadonlySignal<number>,
): HTMLElement {
  const mark = el('span', { class: 'row-mark', 'aria-hidden': 'true' })
  const title = el('span', { class: 'row-title cut', dir: 'auto' })
  const when = el('time', { class: 'row-when' })
  const sub = el('span', { class: 'row-sub' })
  const link = el('a', { class: 'row-main', 'data-route': true }, mark, title, when, sub)
  watch(alive, row, ({ chat, isChosen, isNear }) => {
    mark.textContent = isChosen ? '▮' : ''
    title.replaceChildren(...markedNodes(chat.title))
    when.textContent = formatWhen(chat.atMs, nowMs.peek())
    const words = hitWords(chat, isNear)
    sub.replaceChildren(words, ...(chat.snippet === null ? [] : snippetNodes(chat.snippet, words === '')))
    link.setAttribute('href', pathOf(routeOf(chat)))
  })
  bindAttribute(
    alive,
    link,
    'aria-current',
    computed(() => (row.value.isChosen ? 'true' : null)),
  )
  return el('li', { class: 'row' }, link)
}

/** Where a result leads: to its newest message, or to the end of a chat that was found by its title. */
export function routeOf({ conversationId, messageIds }: FoundChat, hit = 0) {
  const messageId = messageIds[hit]
  return { name: 'chat', conversationId, ...(messageId === undefined ? {} : { messageId }) } as const
}

function hitWords({ messageIds }: FoundChat, isNear: boolean): string {
  if (messageIds.length === 0) return 'by its title'
  if (isNear) return ''
  return messageIds.length === 1 ? '1 hit' : `${formatCount(messageIds.length)} hits`
}

function snippetNodes(snippet: MarkedText, isFirst: boolean): readonly (Node | string)[] {
  return [isFirst ? '' : ' · ', '…', ...markedNodes(snippet), '…']
}

function markedNodes({ text, marks }: MarkedText): readonly (Node | string)[] {
  const nodes: (Node | string)[] = []
  let at = 0
  for (const [start, end] of marks) {
    nodes.push(text.slice(at, start), el('mark', {}, text.slice(start, end)))
    at = end
  }
  return [...nodes, text.slice(at)]
}
