import { Dexie } from 'dexie'
import { plainLine } from '#shared/plain-line.ts'
import type { Conversation, Message } from '#shared/records.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import type { ConversationPage, ListedConversation, PageOptions, PutAway, Shelf, StoredChat } from './device.ts'
import { parseConversationRow, parseMessageRow } from './parse.ts'

/**
 * A chat's last messages that are looked at for its preview: the newest is often an answer that has no text yet, and ids of one
 * millisecond stand in no order.
 */
const PREVIEW_MESSAGES = 4

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
  let sum: number | null = null
  for (const row of await usage_logs.where('conversation_id').equals(conversationId).toArray()) {
    const cost = row['cost_nanousd']
    if (typeof cost === 'number') sum = (sum ?? 0) + cost
  }
  return sum
}

/** A conversation and its messages of one moment, so that its active leaf is always among them. */
export function readChat(database: LocalDatabase, conversationId: string): Promise<StoredChat> {
  const { conversations, messages, unloaded } = database
  return database.transaction('r', [conversations, messages, unloaded], async () => {
    const row = await conversations.get(conversationId)
    const found = await messagesOf(database, conversationId).toArray()
    return {
      conversation: row === undefined ? null : parseConversationRow(row),
      messages: new Map(found.flatMap(shownMessage).map(message => [message.id, message])),
      isComplete: (await unloaded.get(conversationId)) === undefined,
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
