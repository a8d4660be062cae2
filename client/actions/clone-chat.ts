import type { Conversation, Message } from '#shared/records.ts'
import { TAG_FIELD } from '#shared/sync-kinds.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { NOTHING_COUNTED } from '#shared/sync-row-defaults.ts'
import { copiedTitle } from '#shared/title.ts'
import type { App } from '../app.ts'
import type { Messages } from '../device/device.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { pathTo } from '../stores/message-tree.ts'
import { copyConversation } from './copy-conversation.ts'
import { editRows } from './edit-rows.ts'
import { KEPT_NOWHERE } from './keep-temporary.ts'
import { messageFields } from './message-fields.ts'

/**
 * Copies the open chat as a new one and opens that: all branches, or the way down to one message. The pi does it while it
 * answers, for it has all of a chat; else it is done here, so that it needs no network. Answers that are still being written are
 * left out, and costs are not copied: they were paid once.
 */
export async function cloneChat(app: App, scope: { readonly upTo: string } | 'all'): Promise<void> {
  const conversation = app.chat.conversation.peek()
  if (conversation === null) return
  if (conversation.id === TEMPORARY_CHAT) {
    app.notes.show({ id: 'keep', tag: 'not copied', tone: 'warn', text: KEPT_NOWHERE, action: null })
    return
  }
  const messages = app.messages.messages.peek()
  const copied = (scope === 'all' ? [...messages.values()] : pathTo(messages, scope.upTo)).filter(isSettled)
  const { state } = app.connection.link.peek()
  const isOnPi = conversation.rev > 0 && copied.every(({ rev }) => rev > 0)
  if (isOnPi && (state === 'up' || state === 'slow')) {
    return copyConversation(app, conversation.id, scope === 'all' ? null : scope.upTo)
  }
  const leaf = scope === 'all' ? (app.chat.turns.peek().at(-1)?.answer?.id ?? null) : scope.upTo
  await copyHere(app, conversation, { messages, copied, leaf })
}

type Copied = { readonly messages: Messages; readonly copied: readonly Message[]; readonly leaf: string | null }

async function copyHere(app: App, conversation: Conversation, { messages, copied, leaf }: Copied): Promise<void> {
  const inOrder = copied.toSorted((left, right) => left.created_at - right.created_at || (left.id < right.id ? -1 : 1))
  const newIds = new Map(inOrder.map(({ id }) => [id, app.newId()]))
  /** Of the message itself, or of the nearest above it that is copied. */
  const newIdOf = (id: string | null): string | null => {
    for (let at = id; at !== null; at = messages.get(at)?.parent_id ?? null) {
      const newId = newIds.get(at)
      if (newId !== undefined) return newId
    }
    return null
  }
  const cloneId = app.newId()
  const { title, model, system_prompt, params, tags } = conversation
  const tagged = Object.fromEntries(tags.map(tag => [TAG_FIELD + tag, true]))
  const isMade = await editRows(app, async editor => {
    const named = { title: copiedTitle(title), model, system_prompt, params }
    await editor.put(rowRef('conversations', cloneId), { ...named, ...tagged })
    for (const message of inOrder) {
      const uncounted = message.role === 'assistant' ? { ...message, ...NOTHING_COUNTED } : message
      const values = { ...messageFields(uncounted), conversation_id: cloneId, parent_id: newIdOf(message.parent_id) }
      await editor.put(messageRef(cloneId, newIds.get(message.id) ?? app.newId()), values)
    }
    await editor.set(rowRef('conversations', cloneId), { active_leaf_id: newIdOf(leaf) })
    return true
  })
  if (isMade === true) app.router.go({ name: 'chat', conversationId: cloneId })
}

function isSettled({ status }: Message): boolean {
  return status !== 'streaming' && status !== 'queued'
}
