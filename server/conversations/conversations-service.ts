import { AppError } from '#shared/errors.ts'
import type { Conversation, Message } from '#shared/records.ts'
import type { ChangeConversation, CloneConversation, CreateConversation } from '#shared/wire/conversation-requests.ts'
import type { Sqlite } from '../database/open-database.ts'
import type { StoredConversation, StoredMessage } from '../database/schema.ts'
import type { Writer, WriteTransaction } from '../database/writer.ts'
import { pathTo } from '../runs/run-context.ts'
import type { Asker } from '../runs/start-run.ts'
import { applyConversationFields, REST_DEVICE, stampFields, TAG_FIELD } from '../sync/apply-fields.ts'
import {
  findConversation,
  findMessage,
  insertConversation,
  insertMessage,
  isConversationIdTaken,
  listConversations,
  listMessages,
  type PageCursor,
} from './conversations-store.ts'
import { conversationOf, messageOf } from './rows.ts'

export type ConversationWithMessages = Conversation & { readonly messages: readonly Message[] }

/** A conversation in the list: with its cost, the beginning of its newest prompt and the state of its newest message. */
export type ListedConversation = Conversation & {
  readonly cost_nanousd: number
  readonly preview: string | null
  readonly last_status: string | null
}

export interface ConversationsService {
  list(userId: number, page: { readonly limit: number; readonly before: PageCursor | null }): ListedConversation[]
  create(asker: Asker, request: CreateConversation): Conversation
  get(userId: number, id: string): ConversationWithMessages
  change(asker: Asker, id: string, change: ChangeConversation): Conversation
  /** Moves it to the trash; one that is there already stays there. */
  remove(asker: Asker, id: string): void
  clone(asker: Asker, id: string, request: CloneConversation): ConversationWithMessages
}

/** Conversations as the plain REST calls see them; throws AppError `not-found` for what is another user's or in the trash. */
export function createConversationsService(writer: Writer): ConversationsService {
  const { sqlite } = writer
  return {
    list: (userId, page) =>
      listConversations(sqlite, userId, page).map(({ cost_nanousd, preview, last_status, ...row }) => ({
        ...conversationOf(row),
        cost_nanousd: cost_nanousd ?? 0,
        preview,
        last_status,
      })),

    create: (asker, request) => writer.write(transaction => createIn(transaction, asker, request)),

    get: (userId, id) => withMessages(sqlite, mustFind(sqlite, userId, id)),

    change: (asker, id, change) =>
      writer.write(transaction => {
        const row = mustFind(sqlite, asker.userId, id)
        refuseForeignLeaf(sqlite, asker, id, change.active_leaf_id)
        applyStamped(transaction, asker, row, fieldsOf(row, change))
        return conversationOf(mustFind(sqlite, asker.userId, id))
      }),

    remove: (asker, id) =>
      writer.write(transaction => {
        const row = findConversation(sqlite, asker.userId, id)
        if (row) applyStamped(transaction, asker, row, { deleted_at: transaction.now })
        else if (!isConversationIdTaken(sqlite, id)) throw notFound('id')
      }),

    clone: (asker, id, request) =>
      writer.write(transaction => {
        const source = mustFind(sqlite, asker.userId, id)
        const copyId = cloneIn(transaction, asker, source, request)
        return withMessages(sqlite, mustFind(sqlite, asker.userId, copyId))
      }),
  }
}

function createIn(transaction: WriteTransaction, asker: Asker, request: CreateConversation): Conversation {
  const id = request.id ?? transaction.makeId()
  if (isConversationIdTaken(transaction.sqlite, id)) {
    throw new AppError('conflict', 'There is already a conversation with this id.', { field: 'id' })
  }
  insertConversation(transaction, {
    ...newConversation(transaction, asker, id),
    title: request.title ?? 'untitled',
    model: request.model ?? null,
    system_prompt: request.system_prompt ?? null,
  })
  return conversationOf(mustFind(transaction.sqlite, asker.userId, id))
}

function newConversation(transaction: WriteTransaction, asker: Asker, id: string) {
  return {
    id,
    user_id: asker.userId,
    rev: transaction.nextRev(),
    active_leaf_id: null,
    pinned_at: null,
    archived_at: null,
    deleted_at: null,
    device_id: asker.deviceId,
    created_at: transaction.now,
    updated_at: transaction.now,
  }
}

function mustFind(sqlite: Sqlite, userId: number, id: string): StoredConversation {
  const row = findConversation(sqlite, userId, id)
  if (!row) throw notFound('id')
  return row
}

function notFound(field: string): AppError {
  return new AppError('not-found', 'There is no conversation with this id.', { field })
}

function refuseForeignLeaf(sqlite: Sqlite, asker: Asker, id: string, leafId: string | null | undefined): void {
  if (!leafId || findMessage(sqlite, asker.userId, leafId)?.conversation_id === id) return
  throw new AppError('not-found', 'There is no message with this id in the conversation.', { field: 'active_leaf_id' })
}

/** The change as fields of the sync rules; the list of tags becomes one field a tag. */
function fieldsOf(row: StoredConversation, change: ChangeConversation): Record<string, unknown> {
  const { tags, params, ...plain } = change
  const fields: Record<string, unknown> = { ...plain }
  if (params) fields['params'] = JSON.stringify(params)
  if (tags) {
    const standing: readonly string[] = JSON.parse(row.tags)
    for (const tag of tags) if (!standing.includes(tag)) fields[TAG_FIELD + tag] = true
    for (const tag of standing) if (!tags.includes(tag)) fields[TAG_FIELD + tag] = false
  }
  return fields
}

function applyStamped(
  transaction: WriteTransaction,
  asker: Asker,
  row: StoredConversation,
  fields: Readonly<Record<string, unknown>>,
): void {
  const stamp = { now: transaction.now, device: asker.deviceId ?? REST_DEVICE }
  applyConversationFields(transaction, row, stampFields(row, fields, stamp))
}

function withMessages(sqlite: Sqlite, row: StoredConversation): ConversationWithMessages {
  return { ...conversationOf(row), messages: listMessages(sqlite, row.id).map(messageOf) }
}

function cloneIn(
  transaction: WriteTransaction,
  asker: Asker,
  source: StoredConversation,
  request: CloneConversation,
): string {
  const messages = listMessages(transaction.sqlite, source.id).filter(isSettled)
  const leafId = request.message_id ?? source.active_leaf_id
  if (request.message_id && !messages.some(message => message.id === request.message_id)) {
    throw new AppError('not-found', 'There is no finished message with this id in the conversation.', { field: 'message_id' })
  }
  const scope = request.scope ?? (request.message_id ? 'path' : 'all')
  const copied = scope === 'all' || leafId === null ? messages : pathTo(messages, leafId)
  const copyId = transaction.makeId()
  const newIds = new Map(copied.map(message => [message.id, transaction.makeId()]))
  insertConversation(transaction, {
    ...source,
    ...newConversation(transaction, asker, copyId),
    title: `${source.title} (copy)`,
    at: '{}',
    active_leaf_id: (leafId && newIds.get(leafId)) ?? null,
  })
  for (const message of copied) insertMessage(transaction, copyOf(transaction, message, { copyId, newIds }))
  return copyId
}

/** An answer that is still being written belongs to its run, and is not copied. */
function isSettled(message: StoredMessage): boolean {
  return message.status !== 'streaming' && message.status !== 'queued'
}

/** The same words under new ids. Costs are not copied: they were paid once. */
function copyOf(
  transaction: WriteTransaction,
  message: StoredMessage,
  to: { readonly copyId: string; readonly newIds: ReadonlyMap<string, string> },
): StoredMessage {
  return {
    ...message,
    id: to.newIds.get(message.id) ?? transaction.makeId(),
    conversation_id: to.copyId,
    parent_id: (message.parent_id && to.newIds.get(message.parent_id)) ?? null,
    rev: transaction.nextRev(),
    at: '{}',
    run_id: null,
    tokens_input: null,
    tokens_output: null,
    tokens_cache_read: null,
    tokens_cache_write: null,
    tokens_reasoning: null,
    cost_nanousd: null,
    price_state: null,
  }
}
