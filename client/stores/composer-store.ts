import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { DraftStore } from './draft-store.ts'

/** The prompt that is being changed: sending makes a sibling of it, or replaces it while it has not gone out. */
type Editing = { readonly questionId: string; readonly parentId: string | null }

export interface ComposerStore {
  readonly text: ReadonlySignal<string>
  readonly editing: Signal<Editing | null>
  /** Takes what the user typed. */
  write(text: string): void
  /** Shows the draft of another conversation. */
  open(conversationId: string | null): Promise<void>
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
  async function open(conversationId: string | null): Promise<void> {
    const opened = ++moment
    shown = conversationId
    editing.value = null
    text.value = ''
    const draft = await drafts.read(conversationId)
    if (opened === moment) text.value = draft
  }
  function write(next: string): void {
    moment++
    text.value = next
    if (editing.peek() === null) drafts.write(shown, next)
  }
  return {
    text,
    editing,
    write,
    open,
    clear() {
      if (editing.peek() === null) write('')
      else void open(shown)
    },
  }
}
