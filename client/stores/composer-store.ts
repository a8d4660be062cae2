import { type ReadonlySignal, signal } from '@preact/signals-core'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import type { DraftStore } from './draft-store.ts'

/** The prompt that is being changed: sending makes a sibling of it, or replaces it while it has not gone out. */
type Editing = { readonly questionId: string; readonly parentId: string | null }

export interface ComposerStore {
  readonly text: ReadonlySignal<string>
  readonly editing: ReadonlySignal<Editing | null>
  /** Takes what the user typed. */
  write(text: string): void
  /** Puts a sent prompt into the box to be changed; the draft waits behind it. */
  edit(change: Editing, text: string): void
  /** Shows the draft of another conversation, or the change that was left there. */
  open(conversationId: string | null): Promise<void>
  /** Has what was typed in this page kept once more: another page may have sent, and so emptied, the same draft since. */
  keep(): void
  /** Empties the box, and the draft with it. After an edit the draft from before comes back. */
  clear(): void
}

/** What stands in the message box. */
export function createComposerStore(drafts: DraftStore): ComposerStore {
  const text = signal('')
  const editing = signal<Editing | null>(null)
  let shown: string | null = null
  /** Counts what was typed and opened: a draft that is read late must not replace newer text. */
  let moment = 0
  let isTyped = false
  async function open(conversationId: string | null): Promise<void> {
    const opened = ++moment
    shown = conversationId
    isTyped = false
    editing.value = null
    text.value = ''
    const [left, draft] = await Promise.all([readChange(drafts, conversationId), drafts.read(conversationId)])
    if (opened !== moment) return
    editing.value = left?.change ?? null
    text.value = left?.text ?? draft
  }
  function write(next: string): void {
    moment++
    isTyped = true
    text.value = next
    const change = editing.peek()
    if (change === null) drafts.write(shown, next)
    else keepChange(drafts, shown, writtenChange(change, next))
  }
  return {
    text,
    editing,
    write,
    edit(change, next) {
      editing.value = change
      write(next)
    },
    open,
    keep() {
      if (isTyped && text.peek() !== '') write(text.peek())
    },
    clear() {
      if (editing.peek() === null) return write('')
      keepChange(drafts, shown, '')
      void open(shown)
    },
  }
}

/** A change is kept beside the draft of its chat, never for a temporary one. */
function changeKey(conversationId: string | null): string | null {
  return conversationId === null || conversationId === TEMPORARY_CHAT ? null : `${conversationId}/change`
}

function keepChange(drafts: DraftStore, conversationId: string | null, written: string): void {
  const key = changeKey(conversationId)
  if (key !== null) drafts.write(key, written)
}

/*
 * 01900000-…-0001 01900000-…-0000
 * ^the question   ^what is before it, if anything
 * The changed text, to the end.
 */
const CHANGE = /^(\S+) (\S*)\n([\s\S]*)$/

function writtenChange({ questionId, parentId }: Editing, text: string): string {
  return `${questionId} ${parentId ?? ''}\n${text}`
}

async function readChange(
  drafts: DraftStore,
  conversationId: string | null,
): Promise<{ readonly change: Editing; readonly text: string } | null> {
  const key = changeKey(conversationId)
  const [, questionId, parentId = '', text = ''] = CHANGE.exec(key === null ? '' : await drafts.read(key)) ?? []
  return questionId === undefined ? null : { change: { questionId, parentId: parentId || null }, text }
}
