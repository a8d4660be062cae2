import type { PushedMutation } from '#shared/wire/sync.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { cancelEarly, findRunOfAnyone, requestCancel } from '../runs/runs-store.ts'
import { storeAskedRun } from '../runs/store-run.ts'
import type { ApplyContext, Outcome } from './apply-mutation.ts'
import { findRow } from './rows-store.ts'

type Start = Extract<PushedMutation, { readonly op: 'run.start' }>
type Cancel = Extract<PushedMutation, { readonly op: 'run.cancel' }>

/**
 * Stores the run of a prompt that was put before, and its empty answer. The same run id again changes nothing, whatever became
 * of it. `held` and `budget-exceeded` keep nothing either: the person decides, and the same run may be started anew.
 */
export function applyRunStart(transaction: WriteTransaction, context: ApplyContext, start: Start): Outcome {
  const { sqlite } = transaction
  const known = findRunOfAnyone(sqlite, start.id)
  if (known) return known.user_id === context.userId ? null : 'invalid'
  const refusal = refuseStart(transaction, context, start)
  if (refusal) return refusal
  if (!context.canAsk(start.model)) return 'held'
  if (context.isOverBudget(context.userId, start.model)) return 'budget-exceeded'
  const asker = { userId: context.userId, deviceId: context.deviceId }
  const run = storeAskedRun(transaction, asker, start)
  if (run.row.ended_at === null) context.started.push(run)
  return null
}

/** Stops a run; one that is not there yet will not begin. */
export function applyRunCancel(transaction: WriteTransaction, context: ApplyContext, { id }: Cancel): Outcome {
  const run = findRunOfAnyone(transaction.sqlite, id)
  if (!run) {
    cancelEarly(transaction, context.userId, id)
    return null
  }
  if (run.user_id !== context.userId) return 'invalid'
  requestCancel(transaction, id)
  context.stopped.push(id)
  return null
}

function refuseStart(transaction: WriteTransaction, context: ApplyContext, start: Start): Outcome {
  const { sqlite } = transaction
  const conversation = findRow(sqlite, 'conversations', context.userId, start.conversation_id)
  const prompt = findRow(sqlite, 'messages', context.userId, start.user_message_id)
  if (!conversation || !prompt) return 'missing'
  if (conversation.user_id !== context.userId || prompt.user_id !== context.userId) return 'invalid'
  if (conversation.purged || prompt.purged) return 'gone'
  if (prompt['conversation_id'] !== start.conversation_id || prompt['role'] !== 'user') return 'invalid'
  const answer = findRow(sqlite, 'messages', context.userId, start.message_id)
  if (!answer) return null
  if (answer.user_id !== context.userId) return 'invalid'
  if (answer.purged) return 'gone'
  return answer['parent_id'] === prompt.id && answer['role'] === 'assistant' ? null : 'invalid'
}
