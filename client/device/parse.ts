import * as v from 'valibot'
import type { Conversation, Message, Persona } from '#shared/records.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import { conversationSchema, messageSchema, personaSchema } from '#shared/wire/records.ts'
import type { LedgerCall } from '../usage/ledger-call.ts'
import type { Call, Spending } from './device.ts'

const callSchema = v.object({
  attempt: v.number(),
  served_model: v.nullable(v.string()),
  price_version: v.nullable(v.string()),
  price_lines: v.nullable(v.array(v.object({ bucket: v.string(), count: v.number(), unit_picousd: v.string() }))),
  cost_nanousd: v.nullable(v.number()),
  raw_usage: v.unknown(),
  timestamp: v.number(),
})

const spendingSchema = v.object({ timestamp: v.number(), cost_nanousd: v.nullable(v.number()) })

const count = v.number()
const ledgerSchema: v.GenericSchema<unknown, LedgerCall> = v.object({
  id: v.string(),
  run_id: v.string(),
  attempt: count,
  conversation_id: v.string(),
  message_id: v.string(),
  device_id: v.nullable(v.string()),
  provider: v.string(),
  model: v.string(),
  served_model: v.nullable(v.string()),
  outcome: v.picklist(['complete', 'cancelled', 'interrupted', 'error']),
  tokens_input: count,
  tokens_output: count,
  tokens_cache_read: count,
  tokens_cache_write: count,
  tokens_reasoning: count,
  cost_nanousd: v.nullable(count),
  price_state: v.picklist(['reported', 'estimated', 'unpriced']),
  price_version: v.nullable(v.string()),
  price_lines: v.nullable(v.array(v.object({ bucket: v.string(), count, unit_picousd: v.string() }))),
  timestamp: count,
})

/**
 * A stored row as the record it is; null for a tombstone, and for a row that a later version wrote in words this one does not
 * know: it is kept as it is, and shown again after the update.
 */
export const parseConversationRow = (row: SyncRow): Conversation | null => parse(conversationSchema, row)

/** The same for a message. */
export const parseMessageRow = (row: SyncRow): Message | null => parse(messageSchema, row)

/** A line of the ledger as the details of an answer show it. */
export const parseCallRow = (row: SyncRow): Call | null => parse(callSchema, row)

/** The same for a row of the ledger, of which the page needs the money. */
export function parseSpendingRow(row: SyncRow): Spending | null {
  const call = parse(spendingSchema, row)
  return call === null ? null : { timestamp: call.timestamp, costNanousd: call.cost_nanousd }
}

/** The same for a persona. */
export const parsePersonaRow = (row: SyncRow): Persona | null => parse(personaSchema, row)

/** The same for a whole row of the ledger. */
export const parseLedgerRow = (row: SyncRow): LedgerCall | null => parse(ledgerSchema, row)

function parse<Record>(schema: v.GenericSchema<unknown, Record>, row: SyncRow): Record | null {
  if (row.purged) return null
  const parsed = v.safeParse(schema, row)
  return parsed.success ? parsed.output : null
}
