import type { Message } from '#shared/records.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { titleFromPrompt } from '#shared/title.ts'
import type { App } from '../app.ts'
import { TEMPORARY_TITLE } from '../device/temporary-talk.ts'
import { whenOpened } from '../device/when-opened.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { editRows } from './edit-rows.ts'
import { messageFields } from './message-fields.ts'

/** Makes a chat like all others of the temporary one that is open, under the name by which the ledger knows it, or says why not. */
export async function keepTemporary(app: App): Promise<void> {
  const refusal = await keep(app)
  if (refusal === null) app.notes.hide('keep')
  else app.notes.show({ id: 'keep', tag: 'not kept', tone: 'warn', text: refusal, action: null })
}

async function keep(app: App): Promise<string | null> {
  const conversation = app.chat.conversation.peek()
  const opened = await whenOpened(app.device)
  if (opened.state !== 'open' || conversation === null || app.chat.id.peek() !== TEMPORARY_CHAT) return NOT_TEMPORARY
  const messages = [...app.messages.messages.peek().values()].toSorted(byTime)
  const [first] = messages
  if (first === undefined) return 'Nothing has been said here yet.'
  if (messages.some(({ status }) => status === 'queued' || status === 'streaming')) {
    return 'An answer is on its way. Keep the chat when it has come.'
  }
  const { temporary } = opened.device
  const { id } = temporary.talk.peek()
  const { title, model, system_prompt, params, active_leaf_id } = conversation
  const isKept = await editRows(app, async editor => {
    const named = title === TEMPORARY_TITLE ? titleFromPrompt(first.content) : title
    await editor.put(rowRef('conversations', id), { title: named, model, system_prompt, params })
    for (const message of messages) {
      // What it cost is in the ledger already.
      await editor.put(messageRef(id, message.id), { ...messageFields(message), conversation_id: id })
    }
    await editor.set(rowRef('conversations', id), { active_leaf_id })
    return true
  })
  if (isKept !== true) return null
  temporary.leave()
  app.router.go({ name: 'chat', conversationId: id }, { replace: true })
  return null
}

/** Why much cannot be done with a temporary chat. */
export const KEPT_NOWHERE = 'A temporary chat is kept nowhere. /keep makes it one like all others.'

const NOT_TEMPORARY = 'This chat is kept already.'

function byTime(left: Message, right: Message): number {
  return left.created_at - right.created_at || (left.id < right.id ? -1 : 1)
}
