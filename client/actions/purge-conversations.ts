import type { Conversation } from '#shared/records.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { editRows } from './edit-rows.ts'
import { namesOf } from './shelve-conversations.ts'

/** How long it can still be taken back. A page that is closed before that has removed nothing. */
const UNDO_MS = 8_000

/** Removes conversations for good, a moment from now. */
export function purgeConversations(app: App, conversations: readonly Conversation[]): void {
  const noteId = `purge-${conversations[0]?.id ?? ''}`
  const cancel = app.scheduler.after(UNDO_MS, () => {
    app.notes.hide(noteId)
    void editRows(app, async editor => {
      for (const { id } of conversations) await editor.purge(rowRef('conversations', id))
    })
  })
  const undo = (): void => {
    cancel()
    app.notes.hide(noteId)
  }
  const text = `${namesOf(conversations)} goes for good in ${UNDO_MS / 1_000} s.`
  app.notes.show({ id: noteId, tag: 'trash', tone: 'warn', text, action: { label: 'undo', run: undo } })
}
