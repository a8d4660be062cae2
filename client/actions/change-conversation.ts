import type { Conversation } from '#shared/records.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { editRows } from './edit-rows.ts'

/** The fields of a conversation that the interface changes one by one. */
type ConversationChange = Partial<
  Pick<
    Conversation,
    'title' | 'model' | 'system_prompt' | 'params' | 'pinned_at' | 'archived_at' | 'active_leaf_id' | 'deleted_at'
  >
>

/** Changes fields of a conversation. False when that came to nothing: this device is full, or the conversation is gone. */
export async function changeConversation(app: App, id: string, change: ConversationChange): Promise<boolean> {
  return (await editRows(app, editor => editor.set(rowRef('conversations', id), change))) ?? false
}
