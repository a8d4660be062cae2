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

const earlierMessage = v.strictObject({
  role: v.picklist(['user', 'assistant'], 'user or assistant'),
  content: textField(1_000_000),
})

/**
 * The body of `POST /api/chat/stream`. `message` may be left out when `parent_id` names a message of the user: then that one is
 * answered again, beside the answers it has. Ids may be made by the client, so that a lost reply can be asked for again.
 * With `temporary` no text is stored: `messages` are what was said before, oldest first.
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
  temporary: v.nullish(v.boolean('true or false')),
  messages: v.nullish(
    v.pipe(v.array(earlierMessage, 'an array of messages'), v.maxLength(10_000, 'at most 10000 messages')),
  ),
})

export type ChatRequest = v.InferOutput<typeof chatRequestSchema>
