import * as v from 'valibot'
import type { ErrorCode, ErrorDetail } from '../errors.ts'
import type { Citation, Conversation, FinishReason, Message, Persona, ReasoningEffort } from '../records.ts'

const id = v.string()
const time = v.pipe(v.number(), v.integer())
const count = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))
/** A word from a list that may grow: a page one version older shows what it does not know instead of refusing the row. */
const openWord = <Word extends string>() => v.custom<Word>(value => typeof value === 'string')

/** An error as it stands on the wire and in `messages.error`. */
export const errorDetailSchema: v.GenericSchema<unknown, ErrorDetail> = v.object({
  code: openWord<ErrorCode>(),
  message: v.string(),
  field: v.exactOptional(v.string()),
  retryable: v.boolean(),
})

/** A source of an answer. */
export const citationSchema: v.GenericSchema<unknown, Citation> = v.object({
  url: v.nullable(v.string()),
  title: v.nullable(v.string()),
  quote: v.nullable(v.string()),
  start: v.nullable(v.number()),
  end: v.nullable(v.number()),
})

/** A stored message, all fields present. */
export const messageSchema: v.GenericSchema<unknown, Message> = v.object({
  id,
  conversation_id: id,
  parent_id: v.nullable(id),
  role: v.picklist(['user', 'assistant', 'system']),
  content: v.string(),
  reasoning: v.nullable(v.string()),
  attachments: v.array(v.string()),
  citations: v.array(citationSchema),
  model: v.nullable(v.string()),
  status: v.picklist(['queued', 'streaming', 'complete', 'cancelled', 'interrupted', 'error']),
  finish_reason: v.nullable(openWord<FinishReason>()),
  error: v.nullable(errorDetailSchema),
  run_id: v.nullable(id),
  tokens_input: count,
  tokens_output: count,
  tokens_cache_read: count,
  tokens_cache_write: count,
  tokens_reasoning: count,
  cost_nanousd: v.nullable(v.pipe(v.number(), v.integer())),
  price_state: v.nullable(v.picklist(['reported', 'estimated', 'unpriced'])),
  device_id: v.nullable(v.string()),
  created_at: time,
  first_token_at: v.nullable(time),
  // Rows from before it was noted do not have it.
  first_text_at: v.optional(v.nullable(time), null),
  finished_at: v.nullable(time),
  rev: v.pipe(v.number(), v.integer()),
})

const paramsSchema = v.object({
  temperature: v.exactOptional(v.number()),
  reasoning: v.exactOptional(openWord<ReasoningEffort>()),
  max_output_tokens: v.exactOptional(v.number()),
})

/** A stored persona. */
export const personaSchema: v.GenericSchema<unknown, Persona> = v.object({
  id,
  name: v.string(),
  system_prompt: v.nullable(v.string()),
  model: v.nullable(v.string()),
  params: paramsSchema,
  deleted_at: v.nullable(time),
})

/** A stored conversation without its messages. */
export const conversationSchema: v.GenericSchema<unknown, Conversation> = v.object({
  id,
  title: v.string(),
  model: v.nullable(v.string()),
  system_prompt: v.nullable(v.string()),
  params: paramsSchema,
  tags: v.array(v.string()),
  active_leaf_id: v.nullable(id),
  pinned_at: v.nullable(time),
  archived_at: v.nullable(time),
  deleted_at: v.nullable(time),
  created_at: time,
  updated_at: time,
  rev: v.pipe(v.number(), v.integer()),
})
