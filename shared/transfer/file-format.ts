import * as v from 'valibot'
import type { Conversation, FinishReason, Message } from '../records.ts'
import { tagField, timeField, titleField } from '../wire/conversation-requests.ts'
import {
  idField,
  maxOutputTokensField,
  modelField,
  reasoningField,
  systemPromptField,
  temperatureField,
} from '../wire/fields.ts'
import { citationSchema, errorDetailSchema } from '../wire/records.ts'
import { contentField } from '../wire/row-fields.ts'

/** The first two members of every export, in this order, so that a reader knows what it reads before the rest has come. */
export const FILE_FORMAT = 'llm-router'
export const FILE_VERSION = 1

/**
 * A message in a file. Its conversation is the one it stands in. `run_id` and `rev` stay behind: a run belongs to the server
 * that did it, and so does the order of its feed.
 */
export type FileMessage = Omit<Message, 'conversation_id' | 'run_id' | 'rev'> & { readonly deleted_at: number | null }

/** A conversation in a file, with all its branches, the messages in the order of time, then id. */
export type FileChat = Omit<Conversation, 'rev'> & { readonly messages: readonly FileMessage[] }

const optionalTime = v.nullable(timeField)
const count = v.nullable(v.pipe(v.number('a whole number, or null'), v.safeInteger(), v.minValue(0)))
const word = v.nullable(
  v.custom<FinishReason>(value => typeof value === 'string' && value.length <= 40, 'a word, or null'),
)

const fileMessageSchema = v.strictObject({
  id: idField,
  parent_id: v.nullable(idField),
  role: v.picklist(['user', 'assistant', 'system'], 'user, assistant or system'),
  content: contentField,
  reasoning: v.nullable(contentField),
  attachments: v.pipe(v.array(idField, 'an array of ids'), v.maxLength(20, 'at most 20 ids')),
  citations: v.array(citationSchema, 'an array of citations'),
  model: v.nullable(modelField),
  status: v.picklist(['complete', 'cancelled', 'interrupted', 'error'], 'complete, cancelled, interrupted or error'),
  finish_reason: word,
  error: v.nullable(errorDetailSchema),
  tokens_input: count,
  tokens_output: count,
  tokens_cache_read: count,
  tokens_cache_write: count,
  tokens_reasoning: count,
  cost_nanousd: count,
  price_state: v.nullable(v.picklist(['reported', 'estimated', 'unpriced'], 'reported, estimated, unpriced or null')),
  device_id: v.nullable(idField),
  created_at: timeField,
  first_token_at: optionalTime,
  // Files from before it was noted do not have it.
  first_text_at: v.optional(optionalTime, null),
  finished_at: optionalTime,
  deleted_at: optionalTime,
})

/** One conversation of our own format, every member there and nothing beside it. */
export const fileChatSchema = v.strictObject({
  id: idField,
  title: titleField,
  model: v.nullable(modelField),
  system_prompt: v.nullable(systemPromptField),
  params: v.strictObject({
    temperature: v.exactOptional(temperatureField),
    reasoning: v.exactOptional(reasoningField),
    max_output_tokens: v.exactOptional(maxOutputTokensField),
  }),
  tags: v.pipe(v.array(tagField, 'an array of tags'), v.maxLength(50, 'at most 50 tags')),
  active_leaf_id: v.nullable(idField),
  pinned_at: optionalTime,
  archived_at: optionalTime,
  deleted_at: optionalTime,
  created_at: timeField,
  updated_at: timeField,
  messages: v.array(fileMessageSchema, 'an array of messages'),
})
