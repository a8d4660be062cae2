import { AppError } from '#shared/errors.ts'
import { messageRef, rowRef, type SyncRow } from '#shared/sync-row.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { editLocally } from '../sync/local-edit.ts'
import { messagesOf } from '../sync/row-tables.ts'
import type { SyncContext } from '../sync/sync-meta.ts'
import { type GrownChat, listImportParts, listImports } from './import-record.ts'
import type { UndoResult } from './transfer-messages.ts'

export type UndoPorts = {
  readonly database: LocalDatabase
  readonly context: SyncContext
  readonly onProgress: (chats: number) => void
}

/** Conversations of one transaction. */
const MOST_ROWS = 100

/**
 * Takes back an import as a whole: what it made goes to the trash, where it stays for its 30 days like all else. A message on
 * which somebody has written on since stays where it is. Cut off, it can be done again.
 */
export async function undoImport(batchId: string, ports: UndoPorts): Promise<UndoResult> {
  const { database, context, onProgress } = ports
  const head = (await listImports(database)).find(({ id }) => id === batchId)
  if (head === undefined) throw new AppError('not-found', 'This device does not remember this import.')
  const undo_at = head.undo_at ?? context.clock.now()
  await database.imports.put({ ...head, undo_at })
  let conversations = 0
  let messages = 0
  for (const { created, grown } of await listImportParts(database, batchId)) {
    for (let start = 0; start < created.length; start += MOST_ROWS) {
      conversations += await trashChats(context, created.slice(start, start + MOST_ROWS), undo_at)
      onProgress(conversations)
    }
    for (const chat of grown) messages += await shrink(context, chat, undo_at)
  }
  await database.imports.put({ ...head, undo_at, is_undone: true })
  return { conversations, messages }
}

function trashChats(context: SyncContext, ids: readonly string[], deleted_at: number): Promise<number> {
  return editLocally(context, async editor => {
    let gone = 0
    for (const id of ids) {
      const ref = rowRef('conversations', id)
      const row = await editor.read(ref)
      if (row === null || row.purged || row['deleted_at'] !== null) continue
      if (await editor.set(ref, { deleted_at })) gone++
    }
    return gone
  })
}

async function shrink(context: SyncContext, chat: GrownChat, deleted_at: number): Promise<number> {
  const rows = await context.store.transaction('read', tables => tables.messages.range(messagesOf(chat.id)))
  const going = withoutHeld(chat.messages, rows)
  return editLocally(context, async editor => {
    for (const id of going) await editor.set(messageRef(chat.id, id), { deleted_at })
    const ref = rowRef('conversations', chat.id)
    const leaf = (await editor.read(ref))?.['active_leaf_id']
    if (typeof leaf === 'string' && going.has(leaf)) await editor.set(ref, { active_leaf_id: chat.leaf_before })
    return going.size
  })
}

/** Those of `ids` on which nothing hangs that stays. */
function withoutHeld(ids: readonly string[], rows: readonly SyncRow[]): ReadonlySet<string> {
  const going = new Set(ids)
  const parentOf = new Map(rows.map(row => [row.id, row['parent_id']]))
  const held = new Set<unknown>()
  for (const row of rows) {
    if (row.purged || going.has(row.id) || typeof row['deleted_at'] === 'number') continue
    for (let next = row['parent_id']; typeof next === 'string' && !held.has(next); next = parentOf.get(next))
      held.add(next)
  }
  return new Set(ids.filter(id => !held.has(id)))
}
