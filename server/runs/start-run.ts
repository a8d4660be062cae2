import { AppError } from '#shared/errors.ts'
import type { ConversationParams } from '#shared/records.ts'
import { SERVER_DEVICE } from '#shared/sync-rules.ts'
import { titleFromPrompt, UNTITLED } from '#shared/title.ts'
import type { ChatRequest } from '#shared/wire/chat-request.ts'
import {
  findConversation,
  findMessage,
  insertConversation,
  insertMessage,
  isConversationIdTaken,
  isMessageIdTaken,
} from '../conversations/conversations-store.ts'
import type { StoredConversation } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { touchConversation } from '../sync/apply-fields.ts'
import type { RunRequest } from './run-context.ts'
import { type Asker, messageDefaults, type Prompt, type StartedRun, storeRunAndAnswer } from './store-run.ts'

/**
 * Stores a prompt, an empty answer and the run between them, in the transaction given; throws AppError, and so stores
 * nothing, when an id names nothing of this user's, or is taken.
 */
export function storeRun(transaction: WriteTransaction, asker: Asker, request: ChatRequest): StartedRun {
  refuseUnknownAttachments(request)
  refuseEarlierMessages(request)
  const conversation = isNewConversation(transaction, request)
    ? createConversation(transaction, asker, request)
    : mustFindConversation(transaction, asker, request.conversation_id)
  const prompt = storePrompt(transaction, asker, conversation, request)
  const messageId = freeMessageId(transaction, request.message_id, 'message_id')
  const run = storeRunAndAnswer(transaction, asker, {
    id: request.run_id ?? transaction.makeId(),
    model: request.model,
    request: runRequest(conversation, request),
    messageId,
    conversationId: conversation.id,
    prompt,
    createdAt: transaction.now,
  })
  touchConversation(
    transaction,
    { userId: asker.userId, id: conversation.id, device: asker.deviceId ?? SERVER_DEVICE },
    { active_leaf_id: messageId, model: request.model, ...titleOf(conversation, request) },
  )
  return run
}

function refuseUnknownAttachments(request: ChatRequest): void {
  if (!request.attachments?.length) return
  throw new AppError('not-found', 'There is no attachment with this id on your pi.', { field: 'attachments.0' })
}

/** What was said before stands in the database, unless nothing is stored. */
function refuseEarlierMessages({ messages }: ChatRequest): void {
  if (messages == null) return
  throw new AppError('bad-request', 'messages should be left out, save where temporary is true.', { field: 'messages' })
}

/**
 * Without a `conversation_id` a conversation is made. So it is for an id that nobody has, where the client made the run's id too
 * and says that this is a root: a device names what it starts, and can then ask again after a lost reply.
 */
function isNewConversation(
  transaction: WriteTransaction,
  { conversation_id, run_id, parent_id }: ChatRequest,
): boolean {
  if (!conversation_id) return true
  return Boolean(run_id) && parent_id === null && !isConversationIdTaken(transaction.sqlite, conversation_id)
}

/** A conversation that was made without a title takes it from its first prompt. */
function titleOf(conversation: StoredConversation, { message }: ChatRequest): { readonly title?: string } {
  if (conversation.title !== UNTITLED || conversation.active_leaf_id !== null || !message) return {}
  return { title: titleFromPrompt(message) }
}

function mustFindConversation(
  transaction: WriteTransaction,
  asker: Asker,
  id: string | null | undefined,
): StoredConversation {
  const conversation = id ? findConversation(transaction.sqlite, asker.userId, id) : undefined
  if (!conversation) {
    throw new AppError('not-found', 'There is no conversation with this id.', { field: 'conversation_id' })
  }
  return conversation
}

function createConversation(transaction: WriteTransaction, asker: Asker, request: ChatRequest): StoredConversation {
  if (!request.message) {
    throw new AppError('bad-request', 'message should be the text of your prompt.', { field: 'message' })
  }
  if (request.parent_id) {
    throw new AppError('bad-request', 'conversation_id should name the conversation that parent_id belongs to.', {
      field: 'conversation_id',
    })
  }
  const id = request.conversation_id ?? transaction.makeId()
  insertConversation(transaction, {
    id,
    user_id: asker.userId,
    rev: transaction.nextRev(),
    title: titleFromPrompt(request.message),
    model: request.model,
    system_prompt: request.system ?? null,
    params: JSON.stringify(requestParams(request)),
    device_id: asker.deviceId,
    created_at: transaction.now,
    updated_at: transaction.now,
    active_leaf_id: null,
    pinned_at: null,
    archived_at: null,
    deleted_at: null,
  })
  return mustFindConversation(transaction, asker, id)
}

function storePrompt(
  transaction: WriteTransaction,
  asker: Asker,
  conversation: StoredConversation,
  request: ChatRequest,
): Prompt {
  const parentId = request.parent_id === undefined ? conversation.active_leaf_id : request.parent_id
  const parent = parentId === null ? null : mustFindParent(transaction, asker, conversation, parentId)
  if (!request.message) {
    if (request.parent_id && parent?.role === 'user')
      return { id: parent.id, parentId: parent.parent_id, createdAt: parent.created_at }
    throw new AppError(
      'bad-request',
      'message should be the text of your prompt, or parent_id a prompt to answer again.',
      {
        field: 'message',
      },
    )
  }
  const id = freeMessageId(transaction, request.user_message_id, 'user_message_id')
  // Children stand after their parents, whatever the clock does.
  const createdAt = Math.max(transaction.now, (parent?.created_at ?? 0) + 1)
  insertMessage(transaction, {
    ...messageDefaults(transaction, asker),
    id,
    conversation_id: conversation.id,
    parent_id: parentId,
    created_at: createdAt,
    role: 'user',
    content: request.message,
    model: null,
    status: 'complete',
    run_id: null,
  })
  return { id, parentId, createdAt }
}

function mustFindParent(transaction: WriteTransaction, asker: Asker, conversation: StoredConversation, id: string) {
  const parent = findMessage(transaction.sqlite, asker.userId, id)
  if (parent?.conversation_id === conversation.id) return parent
  throw new AppError('not-found', 'There is no message with this id in the conversation.', { field: 'parent_id' })
}

function freeMessageId(transaction: WriteTransaction, wanted: string | null | undefined, field: string): string {
  if (!wanted) return transaction.makeId()
  if (isMessageIdTaken(transaction.sqlite, wanted)) {
    throw new AppError('conflict', 'There is already a message with this id.', { field })
  }
  return wanted
}

/** What this prompt says stands over what the conversation says. */
function runRequest(conversation: StoredConversation, request: ChatRequest): RunRequest {
  const standing: ConversationParams = JSON.parse(conversation.params)
  return {
    system: request.system === undefined ? conversation.system_prompt : request.system,
    params: { ...standing, ...requestParams(request) },
  }
}

export function requestParams(request: ChatRequest): ConversationParams {
  const { temperature, reasoning, max_output_tokens } = request
  return {
    ...(temperature == null ? {} : { temperature }),
    ...(reasoning == null ? {} : { reasoning }),
    ...(max_output_tokens == null ? {} : { max_output_tokens }),
  }
}
