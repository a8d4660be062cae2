import type { RunState } from '#shared/runs.ts'
import { NOTHING_COUNTED } from '#shared/sync-row-defaults.ts'
import { findAnyConversation, findMessage, insertMessage } from '../conversations/conversations-store.ts'
import type { StoredRun } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'
import type { RunRequest } from './run-context.ts'
import { findRun, insertRun, isCancelledEarly } from './runs-store.ts'

export type StartedRun = { readonly row: StoredRun; readonly followsMessageId: string | null }

/** Who asks, and from which of their devices. */
export type Asker = { readonly userId: number; readonly deviceId: string | null }

/** A stored message of the user that is to be answered. */
export type Prompt = { readonly id: string; readonly parentId: string | null; readonly createdAt: number }

/** A run of a prompt that is stored already, as a device asks for it. Who calls has checked the ids. */
export function storeAskedRun(
  transaction: WriteTransaction,
  asker: Asker,
  asked: {
    readonly id: string
    readonly conversation_id: string
    readonly user_message_id: string
    readonly message_id: string
    readonly model: string
    readonly created_at: number
  },
): StartedRun {
  const { sqlite } = transaction
  const conversation = findAnyConversation(sqlite, asker.userId, asked.conversation_id)
  const prompt = findMessage(sqlite, asker.userId, asked.user_message_id)
  if (!conversation || !prompt) throw new Error(`Run ${asked.id} has no prompt`)
  return storeRunAndAnswer(transaction, asker, {
    id: asked.id,
    model: asked.model,
    request: { system: conversation.system_prompt, params: JSON.parse(conversation.params) },
    messageId: asked.message_id,
    conversationId: conversation.id,
    prompt: { id: prompt.id, parentId: prompt.parent_id, createdAt: prompt.created_at },
    createdAt: asked.created_at,
  })
}

type NewRunOptions = {
  readonly id: string
  readonly model: string
  readonly request: RunRequest
  readonly messageId: string
  readonly conversationId: string
  readonly prompt: Prompt
  readonly createdAt: number
}

/** Stores a run and the empty answer that it will fill, in the transaction given. */
export function storeRunAndAnswer(transaction: WriteTransaction, asker: Asker, options: NewRunOptions): StartedRun {
  const { id, model, messageId, conversationId, prompt } = options
  const answer = findMessage(transaction.sqlite, asker.userId, messageId)
  const isCancelled = isCancelledEarly(transaction.sqlite, asker.userId, id)
  if (!answer) {
    insertMessage(transaction, {
      ...messageDefaults(transaction, asker),
      id: messageId,
      conversation_id: conversationId,
      parent_id: prompt.id,
      created_at: Math.max(options.createdAt, prompt.createdAt + 1),
      role: 'assistant',
      content: '',
      model,
      status: isCancelled ? 'cancelled' : 'streaming',
      run_id: id,
    })
  }
  insertRun(transaction, {
    id,
    user_id: asker.userId,
    conversation_id: conversationId,
    message_id: messageId,
    user_message_id: prompt.id,
    device_id: asker.deviceId,
    model,
    request: JSON.stringify(options.request),
    attempt: 1,
    cancel_at: isCancelled ? transaction.now : null,
    error: null,
    created_at: transaction.now,
    ...firstState(transaction, { isCancelled, isAnswered: answer !== undefined }),
  })
  const row = findRun(transaction.sqlite, asker.userId, id)
  if (!row) throw new Error(`Run ${id} was not stored`)
  return { row, followsMessageId: prompt.parentId }
}

/** An answer that another device brought back after a restore is not asked for a second time. */
function firstState(
  { now }: WriteTransaction,
  so: { readonly isCancelled: boolean; readonly isAnswered: boolean },
): { readonly state: RunState; readonly ended_at: number | null } {
  if (so.isCancelled) return { state: 'cancelled', ended_at: now }
  return so.isAnswered ? { state: 'done', ended_at: now } : { state: 'starting', ended_at: null }
}

/** What every new message of a run begins with. */
export function messageDefaults(transaction: WriteTransaction, asker: Asker) {
  return {
    user_id: asker.userId,
    rev: transaction.nextRev(),
    device_id: asker.deviceId,
    reasoning: null,
    finish_reason: null,
    error: null,
    ...NOTHING_COUNTED,
    first_token_at: null,
    first_text_at: null,
    finished_at: null,
  }
}
