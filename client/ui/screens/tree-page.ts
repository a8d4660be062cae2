import { computed } from '@preact/signals-core'
import { cloneChat } from '../../actions/clone-chat.ts'
import { deleteBranch } from '../../actions/delete-branch.ts'
import { goToMessage } from '../../actions/go-to-message.ts'
import type { App } from '../../app.ts'
import { watch } from '../../signals/watch.ts'
import { chatOutline, type OutlineRow } from '../../stores/chat-outline.ts'
import { outlineButton, outlineWords } from '../components/outline-row.ts'
import { on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { formatWhen } from '../format.ts'
import { isLetterOff } from '../letters-off.ts'
import { pageFrame } from './page-frame.ts'

/** All branches of a chat as an outline: go to one, copy the way to it, delete it. */
export function treePage(alive: AbortSignal, app: App): HTMLElement {
  const list = el('ol', { class: 'tree', 'aria-label': 'Branches' })
  const rows = computed(() => {
    const last = app.chat.turns.value.at(-1)
    return chatOutline(app.messages.messages.value, (last?.answer ?? last?.question)?.id ?? null)
  })
  watch(alive, rows, shown => {
    const focused = document.activeElement?.closest<HTMLElement>('.tree-row')?.dataset['id']
    list.replaceChildren(...shown.map(row => outlineRow(alive, app, row)))
    // The page may be on its way into the document, which gives the focus to the page itself.
    queueMicrotask(() => rowOf(list, focused ?? shown.findLast(row => row.isShown)?.message.id)?.focus())
  })
  on(alive, list, 'keydown', event => {
    if (isLetterOff(app, event.key)) return
    if (moveFocus(list, event.key)) event.preventDefault()
    else if (actOnFocus(app, rows.peek(), event.key)) event.preventDefault()
  })
  const cloneAll = el('button', { type: 'button', class: 'key brk' }, 'clone all')
  on(alive, cloneAll, 'click', () => void cloneChat(app, 'all'))
  const summary = computed(() => {
    const count = rows.value.filter(({ fork }) => fork !== 'none').length
    const branches = count < 2 ? '1 branch' : `${count} branches`
    return `${app.chat.conversation.value?.title ?? 'chat'} · ${branches}`
  })
  return pageFrame(alive, app, { title: 'branches', summary, action: cloneAll, index: null }, list)
}

function outlineRow(alive: AbortSignal, app: App, row: OutlineRow): HTMLElement {
  const { message } = row
  const go = outlineButton(row)
  go.append(el('span', { class: 'dim wide' }, formatWhen(message.created_at, app.nowMs.peek())))
  const more = el('button', { type: 'button', class: 'key', 'aria-label': `Actions for ${outlineWords(row)}` }, '⋮')
  on(alive, go, 'click', () => void goToMessage(app, message.id))
  on(alive, more, 'click', () => void openActs(app, more, row))
  return el('li', {}, go, more)
}

async function openActs(app: App, opener: HTMLElement, row: OutlineRow): Promise<void> {
  const { openMessageSheet } = await import('../sheets/message-sheet.ts')
  const { message } = row
  const host = opener.closest<HTMLElement>('.app') ?? document.body
  openMessageSheet(host, {
    message,
    facts: computed(() => []),
    siblings: [],
    rawUsage: computed(() => null),
    acts: [
      { label: 'go there', hint: '', tone: '', run: () => void goToMessage(app, message.id) },
      { label: 'branch from here', hint: 'a new chat up to here', tone: '', run: () => cloneUpTo(app, message.id) },
      { label: 'delete', hint: 'with what follows', tone: 'err', run: () => void deleteBranch(app, message.id) },
    ],
    onClose: () => undefined,
  })
}

function cloneUpTo(app: App, messageId: string): void {
  void cloneChat(app, { upTo: messageId })
}

function actOnFocus(app: App, rows: readonly OutlineRow[], key: string): boolean {
  const id = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['id'] : undefined
  const row = rows.find(({ message }) => message.id === id)
  if (row === undefined) return false
  if (key === 'b') cloneUpTo(app, row.message.id)
  else if (key === 'd') void deleteBranch(app, row.message.id)
  else return false
  return true
}

function moveFocus(list: HTMLElement, key: string): boolean {
  const steps: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }
  const step = steps[key]
  if (step === undefined) return false
  const rows = [...list.querySelectorAll<HTMLElement>('.tree-row')]
  const at = rows.findIndex(row => row.matches(':focus'))
  rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus()
  return true
}

function rowOf(list: HTMLElement, id: string | undefined): HTMLElement | null {
  return id === undefined ? null : list.querySelector<HTMLElement>(`.tree-row[data-id="${CSS.escape(id)}"]`)
}
