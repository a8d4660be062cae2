import { escapePrompt } from '#shared/commands/escape-prompt.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'
import { editRows } from './edit-rows.ts'
import { type ChatFacts, moveFollowers, otherAnswers, withdrawPrompt } from './withdraw-prompt.ts'

/** Takes back a prompt that waits; its text returns to the box. One that may have left is stopped, and stays. */
export async function dropPrompt(app: App, { question, answer }: Turn): Promise<void> {
  if (answer === null) return
  const conversation = rowRef('conversations', answer.conversation_id)
  const facts: ChatFacts = {
    messages: app.messages.messages.peek(),
    outbox: app.sync.outbox.peek(),
    newId: app.newId,
  }
  // The first prompt of a chat that no server has seen takes the chat along.
  const isWholeChat = facts.messages.size === 2 && app.chat.conversation.peek()?.rev === 0
  const isBack = await editRows(app, async editor => {
    if (!(await withdrawPrompt(editor, answer, facts))) return false
    if (isWholeChat) {
      await editor.purge(conversation)
      return true
    }
    const leaf = otherAnswers(answer, facts.messages).at(-1)?.id ?? question.parent_id
    const hasFollowers = await moveFollowers(editor, facts, { from: answer.id, to: leaf })
    if (!hasFollowers) await editor.set(conversation, { active_leaf_id: leaf })
    return true
  })
  if (isBack === null) return
  if (!isBack) {
    app.announcement.value = 'It has left already, and will be stopped'
    return
  }
  if (isWholeChat) app.router.go({ name: 'chat', conversationId: null }, { replace: true })
  const isRepeat = otherAnswers(answer, facts.messages).length > 0
  if (!isRepeat)
    app.composer.write(
      [escapePrompt(question.content), app.composer.text.peek()].filter(text => text !== '').join('\n\n'),
    )
}
