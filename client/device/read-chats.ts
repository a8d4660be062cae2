import { Dexie } from 'dexie'
import { plainLine } from '#shared/plain-line.ts'
import type { Conversation, Message } from '#shared/records.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import type { Call, ConversationPage, ListedConversation, PageOptions, PutAway, Shelf, StoredChat } from './device.ts'
import { parseCallRow, parseConversationRow, parseMessageRow } from './parse.ts'

/**
 * A chat's last messages that are looked at for its preview: the newest is often an answer that has no text yet, and ids of one
 * millisecond stand in no order.
 */
const PREVIEW_MESSAGES = 4
const NEWEST_MESSAGES = 16

/** The `most` conversations of a shelf that were touched last. */
export function readConversations(database: LocalDatabase, { shelf, most }: PageOptions): Promise<ConversationPage> {
  const { conversations, messages, usage_logs, meta } = database
  return database.transaction('r', [conversations, messages, usage_logs, meta], async () => {
    const found = await conversations
      .orderBy('updated_at')
      .reverse()
      .filter(row => shelfOf(row) === shelf)
      .limit(most + 1)
      .toArray()
    const shown = found.slice(0, most).flatMap(row => parseConversationRow(row) ?? [])
    const phase = (await meta.get('sync'))?.first_load.phase ?? 'boot'
    return {
      rows: await Promise.all(shown.map(conversation => listed(database, conversation))),
      hasMore: found.length > most,
      isComplete: phase !== 'boot' && phase !== 'conversations',
      isAllHere: phase === 'done',
    }
  })
}

/** How many conversations lie in the archive and in the trash. */
export async function countPutAway({ conversations }: LocalDatabase): Promise<PutAway> {
  const count = (shelf: Shelf) => conversations.filter(row => shelfOf(row) === shelf).count()
  const [archive, trash] = await Promise.all([count('archive'), count('trash')])
  return { archive, trash }
}

/** Null for what is gone for good. */
function shelfOf(row: SyncRow): Shelf | null {
  if (row.purged) return null
  if (row['deleted_at'] !== null) return 'trash'
  return row['archived_at'] === null ? 'chats' : 'archive'
}

async function listed(database: LocalDatabase, conversation: Conversation): Promise<ListedConversation> {
  const [newest, cost_nanousd] = await Promise.all([
    messagesOf(database, conversation.id).reverse().limit(PREVIEW_MESSAGES).toArray(),
    costOf(database, conversation.id),
  ])
  const rows = newest.flatMap(shownMessage).sort((left, right) => right.created_at - left.created_at)
  const line = rows.map(({ content }) => plainLine(content)).find(text => text !== '')
  return { ...conversation, cost_nanousd, preview: line ?? null, last_status: rows[0]?.status ?? null }
}

async function costOf({ usage_logs }: LocalDatabase, conversationId: string): Promise<number | null> {
  return sumOf(await usage_logs.where('conversation_id').equals(conversationId).toArray())
}

function sumOf(rows: readonly SyncRow[]): number | null {
  const costs = rows.map(row => row['cost_nanousd']).filter(cost => typeof cost === 'number')
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0)
}

/** The messages that are not deleted and hang on none that is. */
function withoutDeleted(rows: readonly SyncRow[]): readonly SyncRow[] {
  const gone = new Set(rows.filter(row => typeof row['deleted_at'] === 'number').map(row => row.id))
  if (gone.size === 0) return rows
  // A question may have been asked before the row above it came: once more until nothing is added.
  for (let size = 0; size !== gone.size; ) {
    size = gone.size
    for (const row of rows) if (gone.has(String(row['parent_id']))) gone.add(row.id)
  }
  return rows.filter(row => !gone.has(row.id))
}

/** The lines of the ledger for one answer. */
export async function readCalls(
  { usage_logs }: LocalDatabase,
  answer: { readonly id: string; readonly conversation_id: string },
): Promise<readonly Call[]> {
  const rows = await usage_logs.where('conversation_id').equals(answer.conversation_id).toArray()
  const calls = rows.filter(row => row['message_id'] === answer.id).flatMap(row => parseCallRow(row) ?? [])
  return calls.sort((left, right) => left.timestamp - right.timestamp)
}

/** A conversation and its messages of one moment, so that its active leaf is always among them. */
export function readChat(database: LocalDatabase, conversationId: string): Promise<StoredChat> {
  return readMessages(database, conversationId, null)
}

/** Its newest messages: enough for the screen that it opens with, however long it is. */
export function readChatEnd(database: LocalDatabase, conversationId: string): Promise<StoredChat> {
  return readMessages(database, conversationId, NEWEST_MESSAGES)
}

function readMessages(database: LocalDatabase, conversationId: string, most: number | null): Promise<StoredChat> {
  const { conversations, messages, unloaded, meta } = database
  return database.transaction('r', [conversations, messages, unloaded, meta], async () => {
    const row = await conversations.get(conversationId)
    const all = messagesOf(database, conversationId)
    const found = await (most === null ? all : all.reverse().limit(most)).toArray()
    const rows = withoutDeleted(found)
    return {
      conversation: row === undefined ? null : parseConversationRow(row),
      messages: new Map(rows.flatMap(shownMessage).map(message => [message.id, message])),
      isWhole: most === null || found.length < most,
      isComplete: (await unloaded.get(conversationId)) === undefined,
      goneCostNanousd: rows === found ? null : sumOf(found.filter(message => !rows.includes(message))),
      deviceId: (await meta.get('sync'))?.device ?? null,
    }
  })
}

/** A message that does not lie in the trash. */
function shownMessage(row: SyncRow): readonly Message[] {
  return typeof row['deleted_at'] === 'number' ? [] : [parseMessageRow(row) ?? []].flat()
}

function messagesOf({ messages }: LocalDatabase, conversationId: string) {
  return messages.where('[conversation_id+id]').between([conversationId, Dexie.minKey], [conversationId, Dexie.maxKey])
}
