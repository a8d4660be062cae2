import type { Conversation } from '#shared/records.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { editRows } from './edit-rows.ts'

/** Pins conversations to the top of the list in one step; lets them go when all of them are pinned already. */
export async function pinConversations(app: App, conversations: readonly Conversation[]): Promise<void> {
  const pinned_at = conversations.some(conversation => conversation.pinned_at === null) ? app.clock.now() : null
  await editRows(app, async editor => {
    for (const { id } of conversations) await editor.set(rowRef('conversations', id), { pinned_at })
  })
}
