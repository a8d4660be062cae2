import { Dexie } from 'dexie'
import type { FileChat } from '#shared/transfer/file-format.ts'
import { toFileChat } from '#shared/transfer/to-file-chat.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { parseConversationRow, parseMessageRow } from '../device/parse.ts'

/** The ids of the conversations to take out, in order; with those in the trash where asked for. */
export async function listChatIds(
  database: LocalDatabase,
  { withTrash }: { readonly withTrash: boolean },
): Promise<readonly string[]> {
  const ids = await database.conversations.orderBy('id').primaryKeys()
  if (withTrash) return ids
  const inTrash = new Set(await database.conversations.orderBy('deleted_at').primaryKeys())
  return ids.filter(id => !inTrash.has(id))
}

/** One conversation of this device as it stands in a file; null for a tombstone, and for what a later version wrote. */
export function readFileChat(
  database: LocalDatabase,
  id: string,
): Promise<{ readonly chat: FileChat; readonly isComplete: boolean } | null> {
  const { conversations, messages, unloaded } = database
  return database.transaction('r', [conversations, messages, unloaded], async () => {
    // Asked for together: each answer of the database takes as long on its way as in the making.
    const [row, rows, rest] = await Promise.all([
      conversations.get(id),
      messages.where('[conversation_id+id]').between([id, Dexie.minKey], [id, Dexie.maxKey]).toArray(),
      unloaded.get(id),
    ])
    const conversation = row === undefined ? null : parseConversationRow(row)
    if (conversation === null) return null
    const found = rows.flatMap(entry => {
      const message = parseMessageRow(entry)
      const deletedAt = entry['deleted_at']
      return message === null ? [] : [{ ...message, deleted_at: typeof deletedAt === 'number' ? deletedAt : null }]
    })
    return { chat: toFileChat(conversation, found), isComplete: rest === undefined }
  })
}
