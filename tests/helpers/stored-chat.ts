import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeId } from '#shared/ids.ts'
import type { Message } from '#shared/records.ts'
import { insertConversation } from '../../server/conversations/conversations-store.ts'
import { openDatabase } from '../../server/database/open-database.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { createWriter, type WriteTransaction } from '../../server/database/writer.ts'

/** A message by its name in the test; without a parent it hangs on the one before it. */
export type StoredLine = Partial<Omit<Message, 'id' | 'parent_id' | 'error'>> & {
  readonly name: string
  readonly parent?: string | null
  readonly error?: { readonly code: string; readonly message: string }
}

export type StoredChatIds = { readonly conversationId: string; readonly ids: ReadonlyMap<string, string> }

/** A folder with a database that holds one chat, for a server to start on. The last line is the one that is shown. */
export function storeChat(
  lines: readonly StoredLine[],
  { folder = mkdtempSync(join(tmpdir(), 'llm-router-')), title = 'A stored chat' } = {},
): StoredChatIds & { readonly folder: string } {
  const sqlite = openDatabase(join(folder, 'llm-router.db'))
  try {
    const now = Date.now() - lines.length * 1_000
    const writer = createWriter({ sqlite, clock: { now: () => now }, randomBytes })
    return { folder, ...writer.write(transaction => writeChat(transaction, title, lines)) }
  } finally {
    sqlite.close()
  }
}

function writeChat(transaction: WriteTransaction, title: string, lines: readonly StoredLine[]): StoredChatIds {
  const conversationId = transaction.makeId()
  insertConversation(transaction, {
    id: conversationId,
    user_id: OWNER_USER_ID,
    rev: transaction.nextRev(),
    title,
    model: 'manual/manual',
    created_at: transaction.now,
    updated_at: transaction.now + lines.length * 1_000,
  })
  const ids = new Map<string, string>()
  let before: string | null = null
  for (const [index, { name, parent, ...values }] of lines.entries()) {
    // As if each had been sent in its own second: the order of the ids is the order of the messages.
    const id = makeId(transaction.now + index * 1_000, randomBytes)
    const parentId: string | null = parent === undefined ? before : parent === null ? null : (ids.get(parent) ?? null)
    insertRow(transaction, {
      role: 'user',
      content: name,
      status: 'complete',
      created_at: transaction.now + index * 1_000,
      ...values,
      id,
      user_id: OWNER_USER_ID,
      rev: transaction.nextRev(),
      conversation_id: conversationId,
      parent_id: parentId,
    })
    ids.set(name, id)
    before = id
  }
  const shown = transaction.sqlite.prepare('UPDATE conversations SET active_leaf_id = ?, rev = ? WHERE id = ?')
  shown.run(before, transaction.nextRev(), conversationId)
  return { conversationId, ids }
}

function insertRow({ sqlite }: WriteTransaction, row: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(row)
  const places = names.map(() => '?').join(', ')
  const values = Object.values(row).map(value =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  )
  sqlite.prepare(`INSERT INTO messages (${names.join(', ')}) VALUES (${places})`).run(...values)
}
