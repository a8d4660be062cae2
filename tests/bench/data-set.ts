import { insertConversation } from '../../server/conversations/conversations-store.ts'
import { openDatabase } from '../../server/database/open-database.ts'
import { prepare } from '../../server/database/query.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { createWriter, type WriteTransaction } from '../../server/database/writer.ts'
import { indexMessage } from '../../server/search/search-store.ts'
import { createTextMaker, type TextMaker } from './made-up-text.ts'
import { createRandom } from './random.ts'

export type DataSet = {
  readonly conversations: number
  readonly messagesEach: number
  readonly seed: number
}

const START_AT = Date.UTC(2025, 0, 1)
const MINUTE_MS = 60_000
const CONVERSATIONS_A_TRANSACTION = 500

/**
 * Writes conversations with their messages into a new database at `path`, through the product's own schema, writer and
 * index. The same data set gives the same rows: ids, times and texts come from the seed.
 */
export function writeDataSet(path: string, dataSet: DataSet): void {
  const random = createRandom(dataSet.seed)
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256))
  const text = createTextMaker(dataSet.seed + 1)
  const sqlite = openDatabase(path)
  try {
    for (let from = 0; from < dataSet.conversations; from += CONVERSATIONS_A_TRANSACTION) {
      const now = START_AT + from * MINUTE_MS
      const writer = createWriter({ sqlite, clock: { now: () => now }, randomBytes })
      const to = Math.min(dataSet.conversations, from + CONVERSATIONS_A_TRANSACTION)
      writer.write(transaction => {
        for (let index = from; index < to; index++) writeConversation(transaction, text, dataSet.messagesEach)
      })
    }
  } finally {
    sqlite.close()
  }
}

function writeConversation(transaction: WriteTransaction, text: TextMaker, messages: number): void {
  const { now } = transaction
  const id = transaction.makeId()
  insertConversation(transaction, {
    id,
    user_id: OWNER_USER_ID,
    rev: transaction.nextRev(),
    title: text.sentence(4),
    model: 'bench/model',
    created_at: now,
    updated_at: now + messages,
  })
  let parentId: string | null = null
  for (let index = 0; index < messages; index++) {
    const isPrompt = index % 2 === 0
    parentId = writeMessage(transaction, {
      conversationId: id,
      parentId,
      role: isPrompt ? 'user' : 'assistant',
      // One answer in ten is in a script without spaces.
      content: index % 10 === 9 ? text.han(120) : text.sentence(isPrompt ? 15 : 60),
      createdAt: now + index,
    })
  }
  prepare(transaction.sqlite, 'UPDATE conversations SET active_leaf_id = ? WHERE id = ?').run(parentId, id)
}

type NewMessage = {
  readonly conversationId: string
  readonly parentId: string | null
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly createdAt: number
}

/** The statement is prepared once: building it anew for each of 200,000 rows takes longer than running it. */
function writeMessage(transaction: WriteTransaction, message: NewMessage): string {
  const id = transaction.makeId()
  const { lastInsertRowid } = prepare(
    transaction.sqlite,
    `INSERT INTO messages (id, user_id, rev, conversation_id, parent_id, role, content, status, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'complete', ?)`,
  ).run(
    id,
    OWNER_USER_ID,
    transaction.nextRev(),
    message.conversationId,
    message.parentId,
    message.role,
    message.content,
    message.createdAt,
  )
  indexMessage(transaction.sqlite, Number(lastInsertRowid), message.content)
  return id
}
