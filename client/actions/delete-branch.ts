import type { Message } from '#shared/records.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import type { Messages } from '../device/device.ts'
import { childrenByParent, newestLeaf } from '../stores/message-tree.ts'
import type { LocalEditor } from '../sync/local-edit.ts'
import { editRows } from './edit-rows.ts'

const UNDO_MS = 8_000

/**
 * Takes a message and all that hangs on it out of sight, and offers to bring it back. The last answer of a question takes the
 * question along. Answers below that are still on their way are stopped.
 */
export async function deleteBranch(app: App, messageId: string): Promise<void> {
  const messages = app.messages.messages.peek()
  const top = topOfBranch(messages, messageId)
  if (top === null) return
  const { conversation_id: conversationId, parent_id: parentId } = top
  const conversation = rowRef('conversations', conversationId)
  const before = app.chat.conversation.peek()?.active_leaf_id ?? null
  const rest = new Map([...messages].filter(([id]) => id !== top.id))
  const leaf = newestLeaf(rest, before !== null && isBelow(messages, before, top.id) ? parentId : before)
  const branch = branchOf(messages, top.id)
  const isGone = await editRows(app, async editor => {
    for (const { run_id, status } of branch) {
      if (run_id !== null && (status === 'queued' || status === 'streaming')) await editor.cancelRun(run_id)
    }
    await setDeleted(editor, branch, app.clock.now())
    return editor.set(conversation, { active_leaf_id: leaf })
  })
  if (isGone !== true) return
  const noteId = `branch-${top.id}`
  const undo = async (): Promise<void> => {
    app.notes.hide(noteId)
    await editRows(app, async editor => {
      await setDeleted(editor, branch, null)
      await editor.set(conversation, { active_leaf_id: before })
    })
  }
  const text = wordsOf(branch.length, top)
  app.notes.show({ id: noteId, tag: 'gone', tone: 'plain', text, action: { label: 'undo', run: () => void undo() } })
  app.scheduler.after(UNDO_MS, () => app.notes.hide(noteId))
}

/**
 * Puts messages into the trash, or takes them out of it. Each for itself: what hangs on a deleted one would still be found, taken
 * out and copied, and stay when that is purged.
 */
export function setDeleted(
  editor: Pick<LocalEditor, 'setMany'>,
  messages: readonly Message[],
  deleted_at: number | null,
): Promise<void> {
  const refs = messages.map(({ conversation_id, id }) => messageRef(conversation_id, id))
  return editor.setMany(refs, { deleted_at })
}

/** The message itself, or its question when it is the only answer. */
function topOfBranch(messages: Messages, messageId: string): Message | null {
  const message = messages.get(messageId)
  if (message === undefined) return null
  const question = message.parent_id === null ? undefined : messages.get(message.parent_id)
  if (message.role !== 'assistant' || question === undefined) return message
  return (childrenByParent(messages).get(question.id)?.length ?? 0) > 1 ? message : question
}

function branchOf(messages: Messages, topId: string): readonly Message[] {
  const children = childrenByParent(messages)
  const branch = [messages.get(topId) ?? []].flat()
  for (const { id } of branch) for (const child of children.get(id) ?? []) branch.push(child)
  return branch
}

function isBelow(messages: Messages, messageId: string, topId: string): boolean {
  for (let id: string | null = messageId; id !== null; id = messages.get(id)?.parent_id ?? null)
    if (id === topId) return true
  return false
}

function wordsOf(count: number, { content }: Message): string {
  const start = content.slice(0, 40).replaceAll('\n', ' ')
  return count === 1 ? `${start}` : `${start} and ${count - 1} more below it`
}
