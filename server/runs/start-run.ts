import { AppError } from '#shared/errors.ts'
import type { ConversationParams } from '#shared/records.ts'
import { titleFromPrompt, UNTITLED } from '#shared/title.ts'
import type { ChatRequest } from '#shared/wire/chat-request.ts'
import {
  findConversation,
  findMessage,
  insertConversation,
  insertMessage,
  isConversationIdTaken,
  touchConversation,
} from '../conversations/conversations-store.ts'
import type { StoredConversation, StoredRun } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'
import type { RunRequest } from './run-context.ts'
import { findRun, insertRun } from './runs-store.ts'

export type StartedRun = { readonly row: StoredRun; readonly followsMessageId: string | null }

/** Who asks, and from which of their devices. */
export type Asker = { readonly userId: number; readonly deviceId: string | null }

/**
 * Stores a prompt, an empty answer and the run between them, in the transaction given; throws AppError, and so stores
 * nothing, when an id names nothing of this user's, or is taken.
 */
export function storeRun(transaction: WriteTransaction, asker: Asker, request: ChatRequest): StartedRun {
  const { sqlite, now } = transaction
  refuseUnknownAttachments(request)
  const conversation = isNewConversation(transaction, request)
    ? createConversation(transaction, asker, request)
    : mustFindConversation(transaction, asker, request.conversation_id)
  const prompt = storePrompt(transaction, asker, conversation, request)
  const runId = request.run_id ?? transaction.makeId()
  const messageId = freeMessageId(transaction, request.message_id, 'message_id')
  insertMessage(transaction, {
    ...messageDefaults(transaction, asker),
    id: messageId,
    conversation_id: conversation.id,
    parent_id: prompt.id,
    created_at: Math.max(now, prompt.createdAt + 1),
    role: 'assistant',
    content: '',
    model: request.model,
    status: 'streaming',
    run_id: runId,
  })
  insertRun(transaction, {
    id: runId,
    user_id: asker.userId,
    conversation_id: conversation.id,
    message_id: messageId,
    user_message_id: prompt.id,
    device_id: asker.deviceId,
    model: request.model,
    request: JSON.stringify(runRequest(conversation, request)),
    state: 'starting',
    attempt: 1,
    cancel_at: null,
    error: null,
    created_at: now,
    ended_at: null,
  })
  touchConversation(transaction, conversation.id, {
    active_leaf_id: messageId,
    model: request.model,
    ...titleOf(conversation, request),
  })
  const row = findRun(sqlite, asker.userId, runId)
  if (!row) throw new Error(`Run ${runId} was not stored`)
  return { row, followsMessageId: prompt.parentId }
}

function refuseUnknownAttachments(request: ChatRequest): void {
  if (!request.attachments?.length) return
  throw new AppError('not-found', 'There is no attachment with this id on your pi.', { field: 'attachments.0' })
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

type Prompt = { readonly id: string; readonly parentId: string | null; readonly createdAt: number }

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
  const row = transaction.sqlite.prepare('SELECT 1 FROM messages WHERE id = ?').get(wanted)
  if (row) throw new AppError('conflict', 'There is already a message with this id.', { field })
  return wanted
}

function messageDefaults(transaction: WriteTransaction, asker: Asker) {
  return {
    user_id: asker.userId,
    rev: transaction.nextRev(),
    device_id: asker.deviceId,
    reasoning: null,
    finish_reason: null,
    error: null,
    tokens_input: null,
    tokens_output: null,
    tokens_cache_read: null,
    tokens_cache_write: null,
    tokens_reasoning: null,
    cost_nanousd: null,
    price_state: null,
    first_token_at: null,
    finished_at: null,
  }
}

/** What this prompt says stands over what the conversation says. */
function runRequest(conversation: StoredConversation, request: ChatRequest): RunRequest {
  const standing: ConversationParams = JSON.parse(conversation.params)
  return {
    system: request.system === undefined ? conversation.system_prompt : request.system,
    params: { ...standing, ...requestParams(request) },
  }
}

function requestParams(request: ChatRequest): ConversationParams {
  const { temperature, reasoning, max_output_tokens } = request
  return {
    ...(temperature == null ? {} : { temperature }),
    ...(reasoning == null ? {} : { reasoning }),
    ...(max_output_tokens == null ? {} : { max_output_tokens }),
  }
}
