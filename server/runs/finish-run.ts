import type { AppError } from '#shared/errors.ts'
import type { Citation, FinishReason, Message, UsageLog } from '#shared/records.ts'
import { messageStatusOf, type RunEnd } from '#shared/runs.ts'
import { SERVER_DEVICE } from '#shared/sync-rules.ts'
import { findAnswer, updateMessage } from '../conversations/conversations-store.ts'
import { messageOf } from '../conversations/rows.ts'
import type { StoredRun } from '../database/schema.ts'
import type { Writer, WriteTransaction } from '../database/writer.ts'
import { touchConversation } from '../sync/apply-fields.ts'
import type { CallRecord, Settlement } from '../usage/settle-call.ts'
import { insertUsageLog, listUsageLogs } from '../usage/usage-store.ts'
import { deleteRunEvents, updateRun } from './runs-store.ts'

/** One settled call on its way into the ledger. */
export type SettledCall = {
  readonly call: CallRecord
  readonly settlement: Settlement
  readonly outcome: UsageLog['outcome']
}

export type RunResult = {
  readonly state: RunEnd
  readonly error: AppError | null
  readonly text: string
  readonly reasoning: string
  readonly citations: readonly Citation[]
  readonly finishReason: FinishReason | null
  readonly firstTokenAt: number | null
  readonly firstTextAt: number | null
  readonly lastSeq: number
}

/** What the ledger says of the run that a call belongs to. */
export type CalledRun = Pick<StoredRun, 'id' | 'user_id' | 'conversation_id' | 'message_id' | 'device_id' | 'model'>

/** Writes one call into the ledger. */
export function recordCall(transaction: WriteTransaction, run: CalledRun, settled: SettledCall): void {
  const { call, settlement, outcome } = settled
  const { tokens } = settlement
  insertUsageLog(transaction, run.user_id, {
    id: transaction.makeId(),
    run_id: run.id,
    attempt: call.attempt,
    conversation_id: run.conversation_id,
    message_id: run.message_id,
    device_id: run.device_id,
    provider: run.model.slice(0, run.model.indexOf('/')),
    model: run.model,
    served_model: call.servedModel,
    outcome,
    tokens_input: tokens.input + tokens.input_audio,
    tokens_output: tokens.output + tokens.output_audio,
    tokens_cache_read: tokens.cache_read,
    tokens_cache_write: tokens.cache_write + tokens.cache_write_1h + tokens.cache_write_12h,
    tokens_reasoning: tokens.reasoning,
    cost_nanousd: settlement.cost_nanousd,
    price_state: settlement.price_state,
    price_version: settlement.price_version,
    price_lines: settlement.price_lines,
    raw_usage: settlement.raw_usage,
    provider_request_id: call.requestId,
    timestamp: call.startedAt,
  })
}

/**
 * Ends a run in one transaction: the answer's text and cost, the ledger row of its last call, the run's state, and the
 * conversation's place in the list. Returns the message as it now stands.
 */
export function finishRun(writer: Writer, run: StoredRun, result: RunResult, lastCall: SettledCall | null): Message {
  return writer.write(transaction => {
    if (lastCall) recordCall(transaction, run, lastCall)
    const error = result.error ? JSON.stringify(result.error.detail) : null
    updateMessage(transaction, run.message_id, {
      content: result.text,
      reasoning: result.reasoning === '' ? null : result.reasoning,
      citations: JSON.stringify(result.citations),
      status: messageStatusOf(result.state),
      finish_reason: result.finishReason,
      error,
      first_token_at: result.firstTokenAt,
      first_text_at: result.firstTextAt,
      finished_at: transaction.now,
      ...sumOfCalls(transaction, run.id),
    })
    updateRun(transaction, run.id, { state: result.state, error, last_seq: result.lastSeq })
    deleteRunEvents(transaction, run.id)
    touchConversation(transaction, { userId: run.user_id, id: run.conversation_id, device: SERVER_DEVICE })
    const message = findAnswer(transaction.sqlite, run.message_id)
    if (!message) throw new Error(`The message of run ${run.id} is gone`)
    return messageOf(message)
  })
}

type CallSums = Pick<
  Message,
  | 'tokens_input'
  | 'tokens_output'
  | 'tokens_cache_read'
  | 'tokens_cache_write'
  | 'tokens_reasoning'
  | 'cost_nanousd'
  | 'price_state'
>

/** A message shows the sum over all attempts; one unknown price makes the whole unknown, one estimate the whole an estimate. */
export function sumOfCalls(transaction: WriteTransaction, runId: string): CallSums {
  const calls = listUsageLogs(transaction.sqlite, runId)
  const sum = (pick: (call: (typeof calls)[number]) => number) => calls.reduce((total, call) => total + pick(call), 0)
  const isUnpriced = calls.some(call => call.price_state === 'unpriced')
  const isEstimated = calls.some(call => call.price_state === 'estimated')
  return {
    tokens_input: sum(call => call.tokens_input),
    tokens_output: sum(call => call.tokens_output),
    tokens_cache_read: sum(call => call.tokens_cache_read),
    tokens_cache_write: sum(call => call.tokens_cache_write),
    tokens_reasoning: sum(call => call.tokens_reasoning),
    cost_nanousd: isUnpriced ? null : sum(call => call.cost_nanousd ?? 0),
    price_state: isUnpriced ? 'unpriced' : isEstimated ? 'estimated' : 'reported',
  }
}
