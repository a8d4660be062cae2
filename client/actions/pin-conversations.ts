import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { editRows } from './edit-rows.ts'
import { readConversation } from './read-conversation.ts'

/** Pins conversations to the top of the list in one step; lets them go when all of them are pinned already. */
export async function pinConversations(app: App, ids: readonly string[]): Promise<void> {
  await editRows(app, async editor => {
    let isAnyLoose = false
    for (const id of ids) isAnyLoose ||= (await readConversation(editor, id))?.pinned_at === null
    const pinned_at = isAnyLoose ? app.clock.now() : null
    for (const id of ids) await editor.set(rowRef('conversations', id), { pinned_at })
  })
}
