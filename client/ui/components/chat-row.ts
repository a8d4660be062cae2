import { computed, type ReadonlySignal } from '@preact/signals-core'
import { formatTotal } from '#shared/money.ts'
import { daysLeftInTrash } from '#shared/trash.ts'
import type { ListedConversation } from '../../device/device.ts'
import { pathOf } from '../../platform/router.ts'
import { watch } from '../../signals/watch.ts'
import { bindAttribute, bindText } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { formatTime, formatWhen, shortModel } from '../format.ts'

export type ChatRow = {
  readonly conversation: ListedConversation
  readonly isHere: boolean
  readonly isAnswering: boolean
  /** A prompt of it waits on this device. */
  readonly isQueued: boolean
  /** An answer of it finished while nobody looked. */
  readonly isUnread: boolean
}

type State = { readonly mark: string; readonly word: string; readonly tone: string }

/** One chat of the list: mark, title, time; below it the state word, how the newest message begins, and the cost. */
export function chatRow(alive: AbortSignal, row: ReadonlySignal<ChatRow>, nowMs: ReadonlySignal<number>): HTMLElement {
  const mark = el('span', { class: 'row-mark', 'aria-hidden': 'true' })
  const title = el('span', { class: 'row-title cut', dir: 'auto' })
  const when = el('time', { class: 'row-when' })
  const state = el('span')
  const tags = el('span', { class: 'info' })
  const preview = el('bdi')
  const cost = el('span', { class: 'row-cost num' })
  const link = el(
    'a',
    { class: 'row-main', 'data-route': true },
    mark,
    title,
    when,
    el('span', { class: 'row-sub cut' }, state, tags, preview),
    cost,
  )
  bindText(
    alive,
    title,
    computed(() => row.value.conversation.title),
  )
  bindText(
    alive,
    when,
    computed(() => whenOf(row.value.conversation, nowMs.value)),
  )
  bindText(
    alive,
    cost,
    computed(() => costOf(row.value.conversation)),
  )
  bindAttribute(
    alive,
    link,
    'href',
    computed(() => pathOf({ name: 'chat', conversationId: row.value.conversation.id })),
  )
  bindAttribute(
    alive,
    link,
    'aria-current',
    computed(() => (row.value.isHere ? 'true' : null)),
  )
  bindText(
    alive,
    tags,
    computed(() => row.value.conversation.tags.map(tag => `#${tag} `).join('')),
  )
  const shown = computed(() => ({ ...row.value, now: nowMs.value }))
  watch(alive, shown, value => {
    const { mark: sign, word, tone } = stateOf(value, value.now)
    mark.className = `row-mark ${tone}`
    mark.replaceChildren(sign === 'spin' ? glyph('', 'spin') : sign)
    state.className = tone === '' ? 'row-state' : tone
    const rest = value.conversation.preview ?? shortModel(value.conversation.model)
    state.textContent = word === '' ? '' : `${word} · `
    preview.textContent = rest
  })
  return el('li', { class: 'row' }, link)
}

function stateOf({ conversation, isHere, isAnswering, isQueued, isUnread }: ChatRow, now: number): State {
  if (conversation.deleted_at !== null) {
    const days = daysLeftInTrash(conversation.deleted_at, now)
    return { mark: '', word: `goes in ${days} ${days === 1 ? 'day' : 'days'}`, tone: 'warn' }
  }
  if (isAnswering || conversation.last_status === 'streaming') return { mark: 'spin', word: 'answering', tone: '' }
  if (isQueued || conversation.last_status === 'queued') return { mark: '↑', word: 'queued', tone: 'warn' }
  if (conversation.last_status === 'error') return { mark: '✗', word: 'failed', tone: 'err' }
  if (conversation.last_status === 'interrupted') return { mark: '✗', word: 'interrupted', tone: 'warn' }
  if (isUnread) return { mark: '●', word: 'new answer', tone: 'acc' }
  if (isHere) return { mark: '▮', word: '', tone: '' }
  return { mark: conversation.pinned_at === null ? '' : '◆', word: '', tone: '' }
}

/** Under the rule of its day the time is enough; pinned chats have one rule for all. */
function whenOf({ pinned_at, updated_at }: ListedConversation, nowMs: number): string {
  return pinned_at === null ? formatTime(updated_at, nowMs) : formatWhen(updated_at, nowMs)
}

function costOf(conversation: ListedConversation): string {
  // Nothing paid may mean free or unpriced, which the list does not know: it says neither.
  return conversation.cost_nanousd === null || conversation.cost_nanousd === 0
    ? ''
    : formatTotal(conversation.cost_nanousd)
}
