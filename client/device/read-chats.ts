import { type Collection, Dexie } from 'dexie'
import type { Conversation } from '#shared/records.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { callsOf, chatRow, PREVIEW_MESSAGES, shelfOf, storedChat } from './chat-row.ts'
import type { Call, ConversationPage, ListedConversation, PageOptions, PutAway, Shelf, StoredChat } from './device.ts'
import { parseConversationRow } from './parse.ts'

const NEWEST_MESSAGES = 16

/** The `most` conversations of a shelf that were touched last, behind those that are pinned and were touched before them. */
export function readConversations(database: LocalDatabase, { shelf, most }: PageOptions): Promise<ConversationPage> {
  const { conversations, messages, usage_logs, meta } = database
  return database.transaction('r', [conversations, messages, usage_logs, meta], async () => {
    const [found, pinned, sync] = await Promise.all([
      newestOf(database, shelf, most + 1),
      shelf === 'chats' ? conversations.where('pinned_at').above(Dexie.minKey).toArray() : [],
      meta.get('sync'),
    ])
    const newest = found.slice(0, most)
    const ids = new Set(newest.map(({ id }) => id))
    const older = pinned.filter(row => shelfOf(row) === shelf && !ids.has(row.id)).toSorted(byTouch)
    const shown = [...older, ...newest].flatMap(row => parseConversationRow(row) ?? [])
    const phase = sync?.first_load.phase ?? 'boot'
    return {
      rows: await Promise.all(shown.map(conversation => listed(database, conversation))),
      hasMore: found.length > most,
      isComplete: phase !== 'boot' && phase !== 'conversations',
      isAllHere: phase === 'done',
    }
  })
}

/** In one read where the browser can: a filter of the database's own would go through the rows one by one. */
async function newestOf(database: LocalDatabase, shelf: Shelf, most: number): Promise<readonly SyncRow[]> {
  if (shelf !== 'chats') return (await putAway(database, shelf).toArray()).toSorted(byTouch).slice(0, most)
  for (let limit = most; ; limit *= 2) {
    const rows = await database.conversations.orderBy('updated_at').reverse().limit(limit).toArray()
    const found = rows.filter(row => shelfOf(row) === shelf)
    if (found.length >= most || rows.length < limit) return found.slice(0, most)
  }
}

function byTouch(left: SyncRow, right: SyncRow): number {
  return Number(right['updated_at']) - Number(left['updated_at'])
}

/** How many conversations lie in the archive and in the trash. */
export async function countPutAway(database: LocalDatabase): Promise<PutAway> {
  const [archive, trash] = await Promise.all([putAway(database, 'archive').count(), putAway(database, 'trash').count()])
  return { archive, trash }
}

/** By the index that holds only what is put away: this is asked again whenever any chat changes. */
function putAway({ conversations }: LocalDatabase, shelf: 'archive' | 'trash'): Collection<SyncRow, string> {
  const rows = conversations.where(shelf === 'trash' ? 'deleted_at' : 'archived_at').above(Dexie.minKey)
  return rows.filter(row => shelfOf(row) === shelf)
}

async function listed(database: LocalDatabase, conversation: Conversation): Promise<ListedConversation> {
  const [newest, calls] = await Promise.all([
    messagesOf(database, conversation.id).reverse().limit(PREVIEW_MESSAGES).toArray(),
    database.usage_logs.where('conversation_id').equals(conversation.id).toArray(),
  ])
  return chatRow(conversation, { newest, calls })
}

/** The lines of the ledger for one answer. */
export async function readCalls(
  { usage_logs }: LocalDatabase,
  answer: { readonly id: string; readonly conversation_id: string },
): Promise<readonly Call[]> {
  return callsOf(await usage_logs.where('conversation_id').equals(answer.conversation_id).toArray(), answer.id)
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
    const all = messagesOf(database, conversationId)
    // Asked for at once: each answer that is waited for alone costs a way there and back.
    const [row, found, missing, sync] = await Promise.all([
      conversations.get(conversationId),
      (most === null ? all : all.reverse().limit(most)).toArray(),
      unloaded.get(conversationId),
      meta.get('sync'),
    ])
    return storedChat(row, found, {
      isWhole: most === null || found.length < most,
      isComplete: missing === undefined,
      deviceId: sync?.device ?? null,
    })
  })
}

function messagesOf({ messages }: LocalDatabase, conversationId: string) {
  return messages.where('[conversation_id+id]').between([conversationId, Dexie.minKey], [conversationId, Dexie.maxKey])
}
