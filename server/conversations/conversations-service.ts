import { AppError } from '#shared/errors.ts'
import { plainLine } from '#shared/plain-line.ts'
import type { Conversation, Message } from '#shared/records.ts'
import { TAG_FIELD } from '#shared/sync-kinds.ts'
import { SERVER_DEVICE } from '#shared/sync-rules.ts'
import { UNTITLED } from '#shared/title.ts'
import type { ChangeConversation, CloneConversation, CreateConversation } from '#shared/wire/conversation-requests.ts'
import type { Sqlite } from '../database/open-database.ts'
import type { StoredConversation, StoredMessage } from '../database/schema.ts'
import type { Writer, WriteTransaction } from '../database/writer.ts'
import type { Asker } from '../runs/store-run.ts'
import { changeConversation, touchConversation } from '../sync/apply-fields.ts'
import { cloneConversation } from './clone-conversation.ts'
import type { PageCursor } from './conversation-list-store.ts'
import {
  findConversation,
  findMessage,
  hasConversation,
  insertConversation,
  isConversationIdTaken,
  listMessages,
} from './conversations-store.ts'
import { conversationOf, messageOf, newConversationRow } from './rows.ts'

type ConversationWithMessages = Conversation & { readonly messages: readonly Message[] }

/** A conversation in the list: with its cost, the first line of its newest words and the state of its newest message. */
export type ListedConversation = Conversation & {
  readonly cost_nanousd: number
  readonly preview: string | null
  readonly last_status: string | null
}

export interface ConversationsService {
  list(
    userId: number,
    page: { readonly limit: number; readonly before: PageCursor | null },
  ): Promise<ListedConversation[]>
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
    list: async (userId, page) => {
      const { listConversations } = await import('./conversation-list-store.ts')
      return listConversations(sqlite, userId, page).map(({ cost_nanousd, preview, last_status, ...row }) => ({
        ...conversationOf(row),
        cost_nanousd: cost_nanousd ?? 0,
        preview: preview === null ? null : plainLine(preview),
        last_status,
      }))
    },

    create: (asker, request) => writer.write(transaction => createIn(transaction, asker, request)),

    get: (userId, id) => withMessages(sqlite, mustFind(sqlite, userId, id)),

    change: (asker, id, change) =>
      writer.write(transaction => {
        const row = mustFind(sqlite, asker.userId, id)
        refuseForeignLeaf(sqlite, asker, id, change.active_leaf_id)
        applyStamped(transaction, asker, id, fieldsOf(row, change))
        return conversationOf(mustFind(sqlite, asker.userId, id))
      }),

    remove: (asker, id) =>
      writer.write(transaction => {
        const row = findConversation(sqlite, asker.userId, id)
        if (row) applyStamped(transaction, asker, id, { deleted_at: transaction.now })
        else if (!hasConversation(sqlite, asker.userId, id)) throw notFound('id')
      }),

    clone: (asker, id, request) =>
      writer.write(transaction => {
        const source = mustFind(sqlite, asker.userId, id)
        const copyId = cloneConversation(transaction, asker, source, request)
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
    ...newConversationRow(transaction, asker, id),
    title: request.title ?? UNTITLED,
    model: request.model ?? null,
    system_prompt: request.system_prompt ?? null,
  })
  return conversationOf(mustFind(transaction.sqlite, asker.userId, id))
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
  const { tags, ...plain } = change
  const fields: Record<string, unknown> = { ...plain }
  if (tags) {
    const standing: readonly string[] = JSON.parse(row.tags)
    for (const tag of tags) if (!standing.includes(tag)) fields[TAG_FIELD + tag] = true
    for (const tag of standing) if (!tags.includes(tag)) fields[TAG_FIELD + tag] = false
  }
  return fields
}

/** Fields whose change makes a conversation the newest one; pinning or reading an old chat does not move it. */
const TOUCHING = new Set(['title', 'model', 'system_prompt', 'params'])

function applyStamped(
  transaction: WriteTransaction,
  asker: Asker,
  id: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  const target = { userId: asker.userId, id, device: asker.deviceId ?? SERVER_DEVICE }
  const isTouched = Object.keys(fields).some(field => TOUCHING.has(field) || field.startsWith(TAG_FIELD))
  if (isTouched) touchConversation(transaction, target, fields)
  else changeConversation(transaction, target, fields)
}

function withMessages(sqlite: Sqlite, row: StoredConversation): ConversationWithMessages {
  return { ...conversationOf(row), messages: listMessages(sqlite, row.id).filter(isShown).map(messageOf) }
}

function isShown(message: StoredMessage): boolean {
  return message.deleted_at === null
}
