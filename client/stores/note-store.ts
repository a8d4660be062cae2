import { type ReadonlySignal, signal } from '@preact/signals-core'

/** A row above the composer: what happened, and at most one thing to do about it. */
export type Note = {
  readonly id: string
  readonly tag: string
  readonly tone: 'plain' | 'warn' | 'err'
  readonly text: string
  readonly action: { readonly label: string; run(): void } | null
}

export interface NoteStore {
  /** At most two, the newest last. */
  readonly notes: ReadonlySignal<readonly Note[]>
  /** Shows a note; one with the same id is replaced. */
  show(note: Note): void
  hide(id: string): void
}

const MOST = 2

/** The notes that are shown now. */
export function createNoteStore(): NoteStore {
  const notes = signal<readonly Note[]>([])
  const without = (id: string): readonly Note[] => notes.peek().filter(note => note.id !== id)
  return {
    notes,
    show(note) {
      notes.value = [...without(note.id), note].slice(-MOST)
    },
    hide(id) {
      notes.value = without(id)
    },
  }
}
