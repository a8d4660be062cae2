import type { Conversation } from '#shared/records.ts'
import { rowRef } from '#shared/sync-row.ts'
import { parseConversationRow } from '../device/parse.ts'
import type { LocalEditor } from '../sync/local-edit.ts'

/** A conversation as the acts before this one have left it, which the page may not show yet; null when it is gone. */
export async function readConversation(editor: LocalEditor, id: string): Promise<Conversation | null> {
  const row = await editor.read(rowRef('conversations', id))
  return row === null ? null : parseConversationRow(row)
}
