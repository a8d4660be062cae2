import { AppError } from '#shared/errors.ts'
import { NOTHING_COUNTED } from '#shared/sync-row-defaults.ts'
import { copiedTitle } from '#shared/title.ts'
import type { CloneConversation } from '#shared/wire/conversation-requests.ts'
import type { StoredConversation, StoredMessage } from '../database/schema.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { pathTo } from '../runs/run-context.ts'
import type { Asker } from '../runs/store-run.ts'
import { insertConversation, insertMessage, listMessages } from './conversations-store.ts'
import { newConversationRow } from './rows.ts'

/**
 * Copies a conversation, or the path to one message of it, under new ids; returns the copy's id. Answers that are still being
 * written are left out, and what was asked below them moves up. Throws AppError `not-found` for an unknown `message_id`.
 */
export function cloneConversation(
  transaction: WriteTransaction,
  asker: Asker,
  source: StoredConversation,
  request: CloneConversation,
): string {
  const all = listMessages(transaction.sqlite, source.id)
  if (request.message_id && !all.some(message => message.id === request.message_id && isSettled(message))) {
    throw new AppError('not-found', 'There is no finished message with this id in the conversation.', {
      field: 'message_id',
    })
  }
  const leafId = request.message_id ?? source.active_leaf_id
  const scope = request.scope ?? (request.message_id ? 'path' : 'all')
  const copied = (scope === 'all' || leafId === null ? all : pathTo(all, leafId)).filter(isSettled)
  // In rising order, for messages of the same millisecond stand in the order of their ids.
  const ids = copied.map(() => transaction.makeId()).sort()
  const newIds = new Map(copied.map((message, index) => [message.id, ids[index] ?? transaction.makeId()]))
  const newIdOf = (id: string | null) => (id && (newIds.get(id) ?? newIds.get(settledAbove(all, id)))) ?? null
  const copy = newConversationRow(transaction, asker, transaction.makeId())
  const title = copiedTitle(source.title)
  insertConversation(transaction, { ...source, ...copy, title, at: '{}', active_leaf_id: newIdOf(leafId) })
  for (const message of copied) {
    insertMessage(transaction, {
      ...withoutCosts(message),
      id: newIds.get(message.id) ?? transaction.makeId(),
      conversation_id: copy.id,
      parent_id: newIdOf(message.parent_id),
      rev: transaction.nextRev(),
      at: '{}',
    })
  }
  return copy.id
}

/** An answer that is still being written belongs to its run; what is in the trash stays there. */
function isSettled(message: StoredMessage): boolean {
  return message.deleted_at === null && message.status !== 'streaming' && message.status !== 'queued'
}

/** The nearest settled message on the way from `id` to the root, or an empty id. */
function settledAbove(all: readonly StoredMessage[], id: string): string {
  return pathTo(all, id).findLast(isSettled)?.id ?? ''
}

/** Costs are not copied: they were paid once. */
function withoutCosts(message: StoredMessage): StoredMessage {
  return {
    ...message,
    ...NOTHING_COUNTED,
    run_id: null,
  }
}
