import * as v from 'valibot'
import { MOST_TITLE_LENGTH } from '../title.ts'
import {
  idField,
  maxOutputTokensField,
  modelField,
  reasoningField,
  systemPromptField,
  temperatureField,
  textField,
} from './fields.ts'

/** A conversation's title. */
export const titleField = textField(MOST_TITLE_LENGTH)

/** A point in time in a body: milliseconds since 1970. */
export const timeField = v.pipe(
  v.number('milliseconds since 1970, or null'),
  v.integer('milliseconds since 1970, or null'),
  v.minValue(0, 'milliseconds since 1970, or null'),
  v.maxValue(8_640_000_000_000_000, 'milliseconds since 1970, or null'),
)

/** What is sent with each prompt of a conversation. */
export const paramsField = v.strictObject({
  temperature: v.optional(temperatureField),
  reasoning: v.optional(reasoningField),
  max_output_tokens: v.optional(maxOutputTokensField),
})

/** One tag of a conversation. */
export const tagField = v.pipe(textField(50), v.regex(/^[^\s,/]+$/u, 'a tag without spaces, commas and slashes'))

const tagsField = v.pipe(v.array(tagField, 'an array of tags'), v.maxLength(50, 'at most 50 tags'))

/** The body of `POST /api/conversations`. */
export const createConversationSchema = v.strictObject({
  id: v.nullish(idField),
  title: v.nullish(titleField),
  model: v.nullish(modelField),
  system_prompt: v.nullish(systemPromptField),
})

/** The body of `PATCH /api/conversations/:id`: only what is named changes; null empties a field that may be empty. */
export const changeConversationSchema = v.pipe(
  v.strictObject({
    title: v.optional(titleField),
    model: v.optional(v.nullable(modelField)),
    system_prompt: v.optional(v.nullable(systemPromptField)),
    params: v.optional(paramsField),
    pinned_at: v.optional(v.nullable(timeField)),
    archived_at: v.optional(v.nullable(timeField)),
    tags: v.optional(tagsField),
    active_leaf_id: v.optional(v.nullable(idField)),
  }),
  v.check(
    change => Object.keys(change).length > 0,
    'at least one of title, model, system_prompt, params, pinned_at, archived_at, tags, active_leaf_id',
  ),
)

/** The body of `POST /api/conversations/:id/clone`. */
export const cloneConversationSchema = v.strictObject({
  message_id: v.nullish(idField),
  scope: v.nullish(v.picklist(['all', 'path'], 'all or path')),
})

export type CreateConversation = v.InferOutput<typeof createConversationSchema>
export type ChangeConversation = v.InferOutput<typeof changeConversationSchema>
export type CloneConversation = v.InferOutput<typeof cloneConversationSchema>
