import { AppError } from '#shared/errors.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { titleFromPrompt } from '#shared/title.ts'
import type { ChatSettings } from '../stores/current-chat.ts'
import type { LocalEditor } from '../sync/local-edit.ts'

/** A prompt with the ids of all that it makes. The same ids are one run, however often they are told to the server. */
export type Asked = {
  readonly conversationId: string
  readonly questionId: string
  readonly answerId: string
  readonly runId: string
  /** The message before it, null for the first of a conversation. */
  readonly parentId: string | null
  readonly text: string
  readonly model: string
  /** What a conversation that it starts begins with. */
  readonly settings?: ChatSettings
}

/** Writes a prompt, and the conversation that it starts, and asks for its answer. */
export async function askPrompt(editor: LocalEditor, asked: Asked): Promise<void> {
  const { conversationId, model, text } = asked
  const conversation = rowRef('conversations', conversationId)
  const isNew = (await editor.read(conversation)) === null
  if (isNew) await editor.put(conversation, { title: titleFromPrompt(text), model, ...settingsOf(asked) })
  await editor.put(messageRef(conversationId, asked.questionId), {
    conversation_id: conversationId,
    parent_id: asked.parentId,
    role: 'user',
    content: text,
    attachments: [],
  })
  await askAnswer(editor, asked)
}

/** Only what differs from a new row's own. */
function settingsOf({ settings }: Asked): Partial<ChatSettings> {
  const { system_prompt = null, params = {} } = settings ?? {}
  return {
    ...(system_prompt === null ? {} : { system_prompt }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
  }
}

/** Asks for an answer to a prompt that is there. Throws AppError `not-found` when its conversation is gone. */
export async function askAnswer(
  editor: LocalEditor,
  asked: Omit<Asked, 'parentId' | 'text' | 'settings'>,
): Promise<void> {
  const { conversationId, answerId, model } = asked
  const { made_at } = await editor.startRun({
    id: asked.runId,
    conversation_id: conversationId,
    user_message_id: asked.questionId,
    message_id: answerId,
    model,
  })
  const isThere = await editor.set(rowRef('conversations', conversationId), {
    active_leaf_id: answerId,
    updated_at: made_at,
    model,
  })
  if (!isThere) throw new AppError('not-found', 'This chat has been deleted on another device.')
}
