import { RECOVERABLE_FIELDS } from '#shared/sync-kinds.ts'
import type { FieldSets } from '#shared/sync-rules.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { hasUsageLog, insertUsageLog } from '../usage/usage-store.ts'

type Values = Readonly<Record<string, unknown>>

/** What a device may put anyway, and what it knows of an answer that this server has forgotten (R11). */
type PutParts = { readonly set: FieldSets; readonly recovered: Values }

export function splitRecovered(set: FieldSets): PutParts {
  const isRecovered = ([field]: readonly [string, unknown]) => RECOVERABLE_FIELDS.includes(field)
  const entries = Object.entries(set)
  return {
    set: Object.fromEntries(entries.filter(entry => !isRecovered(entry))),
    recovered: Object.fromEntries(entries.filter(isRecovered).map(([field, [value]]) => [field, value])),
  }
}

export function whole(set: FieldSets): PutParts {
  return { set, recovered: {} }
}

/** Nobody writes on at an answer whose server was put back. */
export function settled(recovered: Values): Values {
  const { status } = recovered
  return status === 'queued' || status === 'streaming' ? { ...recovered, status: 'interrupted' } : recovered
}

/**
 * Puts the call of a recovered answer back into the ledger, once for its run: the sum of what it cost is known, how it came
 * about is not, and `price_version` says so.
 */
export function recordRecoveredCall(transaction: WriteTransaction, userId: number, answer: Values): void {
  const call = recoveredCallOf(answer)
  if (!call || hasUsageLog(transaction.sqlite, call.run_id)) return
  insertUsageLog(transaction, userId, { ...call, id: transaction.makeId() })
}

function recoveredCallOf(answer: Values) {
  const { id, run_id, model, conversation_id, device_id, created_at, cost_nanousd, price_state } = answer
  const outcome = OUTCOMES.find(known => known === answer['status'])
  if (typeof run_id !== 'string' || typeof model !== 'string' || !outcome) return null
  // An answer whose call was never counted has no sums either.
  if (typeof answer['tokens_output'] !== 'number') return null
  const state = PRICE_STATES.find(known => known === price_state) ?? 'unpriced'
  return {
    run_id,
    attempt: 1,
    conversation_id: String(conversation_id),
    message_id: String(id),
    device_id: typeof device_id === 'string' ? device_id : null,
    provider: model.slice(0, model.indexOf('/')),
    model,
    served_model: null,
    outcome,
    tokens_input: numberOf(answer['tokens_input']),
    tokens_output: answer['tokens_output'],
    tokens_cache_read: numberOf(answer['tokens_cache_read']),
    tokens_cache_write: numberOf(answer['tokens_cache_write']),
    tokens_reasoning: numberOf(answer['tokens_reasoning']),
    cost_nanousd: typeof cost_nanousd === 'number' ? cost_nanousd : null,
    price_state: typeof cost_nanousd === 'number' ? state : 'unpriced',
    price_version: 'recovered',
    price_lines: null,
    raw_usage: null,
    provider_request_id: null,
    timestamp: numberOf(created_at),
  } as const
}

const OUTCOMES = ['complete', 'cancelled', 'interrupted', 'error'] as const
const PRICE_STATES = ['reported', 'estimated', 'unpriced'] as const

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
