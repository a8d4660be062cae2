import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { DraftStore } from './draft-store.ts'

/** The prompt that is being changed: sending makes a sibling of it. */
type Editing = { readonly questionId: string; readonly parentId: string | null }

export interface ComposerStore {
  readonly text: ReadonlySignal<string>
  readonly editing: Signal<Editing | null>
  /** The prompt goes out by itself when the running answer ends. */
  readonly isHeld: Signal<boolean>
  /** Takes what the user typed. */
  write(text: string): void
  /** Shows the draft of another conversation. */
  open(conversationId: string | null): void
  /** Empties the box; the draft stays on the device until `forget`, in case the prompt does not arrive. */
  clear(): void
  /** The prompt has arrived: its draft is not needed any more. */
  forget(conversationId: string | null): void
}

/** What stands in the message box. */
export function createComposerStore(drafts: DraftStore): ComposerStore {
  const text = signal('')
  const editing = signal<Editing | null>(null)
  const isHeld = signal(false)
  let shown: string | null = null
  return {
    text,
    editing,
    isHeld,
    write(next) {
      text.value = next
      if (next.trim() === '') isHeld.value = false
      if (editing.peek() === null) drafts.write(shown, next)
    },
    open(conversationId) {
      shown = conversationId
      editing.value = null
      isHeld.value = false
      text.value = drafts.read(conversationId)
    },
    clear() {
      text.value = ''
      editing.value = null
      isHeld.value = false
    },
    forget(conversationId) {
      if (conversationId !== shown || text.peek() === '') drafts.write(conversationId, '')
      else drafts.write(conversationId, text.peek())
    },
  }
}
