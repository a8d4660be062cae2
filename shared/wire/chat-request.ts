import * as v from 'valibot'
import {
  idField,
  maxOutputTokensField,
  modelField,
  reasoningField,
  systemPromptField,
  temperatureField,
  textField,
} from './fields.ts'

/**
 * The body of `POST /api/chat/stream`. `message` may be left out when `parent_id` names a message of the user: then that one is
 * answered again, beside the answers it has. Ids may be made by the client, so that a lost reply can be asked for again.
 */
export const chatRequestSchema = v.strictObject({
  message: v.nullish(textField(1_000_000)),
  model: modelField,
  conversation_id: v.nullish(idField),
  parent_id: v.nullish(idField),
  run_id: v.nullish(idField),
  message_id: v.nullish(idField),
  user_message_id: v.nullish(idField),
  attachments: v.nullish(
    v.pipe(v.array(idField, 'an array of attachment ids'), v.maxLength(20, 'at most 20 attachments')),
  ),
  system: v.nullish(systemPromptField),
  temperature: v.nullish(temperatureField),
  reasoning: v.nullish(reasoningField),
  max_output_tokens: v.nullish(maxOutputTokensField),
})

export type ChatRequest = v.InferOutput<typeof chatRequestSchema>
