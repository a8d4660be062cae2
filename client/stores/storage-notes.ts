import { watch } from '../signals/watch.ts'
import type { StorageState } from '../sync-host/sync-host.ts'
import type { Note, NoteStore } from './note-store.ts'
import type { SyncState } from './sync-state.ts'

type Told = { readonly notes: NoteStore; readonly sync: SyncState; reload(): void }

/** Says, above the composer, when this device's data are not as they should be. */
export function tellStorage(alive: AbortSignal, { notes, sync, reload }: Told): void {
  watch(alive, sync.storage, storage => {
    const note = noteOf(storage, reload)
    if (note === null) notes.hide('storage')
    else notes.show(note)
  })
}

/** An old page of this program keeps the database from being opened. */
export function tellBlocked(notes: NoteStore): void {
  notes.show(CLOSE_OTHER_TABS)
}

const CLOSE_OTHER_TABS = {
  id: 'blocked',
  tag: 'older tab',
  tone: 'warn',
  text: 'Another tab of this page is older and keeps its data open. Close it to go on here.',
  action: null,
} as const

function noteOf(storage: StorageState, reload: () => void): Note | null {
  const action = { label: 'reload', run: reload }
  switch (storage.kind) {
    case 'kept':
      return null
    case 'memory': {
      const text =
        'This browser stores nothing for this page. Chats come from the pi while it is open; close it and what was not sent is gone.'
      return { id: 'storage', tag: 'not kept', tone: 'warn', text, action: null }
    }
    case 'evicted': {
      const text = 'This browser has cleared its data. Copying your chats from the pi again; what was not sent is gone.'
      return { id: 'storage', tag: 'data cleared', tone: 'warn', text, action: null }
    }
    case 'reload': {
      const text =
        storage.reason === 'upgraded'
          ? 'Another tab runs a newer version. Nothing is written here until this page is loaded anew.'
          : 'The browser’s database answers no more. Nothing is written here until this page is loaded anew.'
      return { id: 'storage', tag: 'reload', tone: 'warn', text, action }
    }
    default:
      return storage satisfies never
  }
}
