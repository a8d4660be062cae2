import type { Message } from '#shared/records.ts'
import { messageRef } from '#shared/sync-row.ts'
import type { Messages } from '../device/device.ts'
import type { LocalEditor } from '../sync/local-edit.ts'
import type { OutboxEntry } from '../sync/outbox.ts'
import { askPrompt } from './ask-prompt.ts'

/** What is known of a chat when something in it is taken back. */
export type ChatFacts = {
  readonly messages: Messages
  readonly outbox: readonly OutboxEntry[]
  readonly newId: () => string
}

/**
 * Takes back a prompt that waits for its answer, its question too if nothing else hangs on it. False when it may have left
 * already: then the server is asked to stop it, and both stay.
 */
export async function withdrawPrompt(editor: LocalEditor, answer: Message, facts: ChatFacts): Promise<boolean> {
  const held = facts.outbox.find(({ prompt, state }) => prompt.message_id === answer.id && state === 'held')
  if (held === undefined) {
    if (answer.run_id === null || (await editor.cancelRun(answer.run_id)) === 'asked') return false
  } else if ((await editor.takeLost(held.mid)) === null) return false
  if (answer.parent_id !== null && otherAnswers(answer, facts.messages).length === 0) {
    await editor.purge(messageRef(answer.conversation_id, answer.parent_id))
  }
  return true
}

/** The other answers to an answer's question, in the order they were made. */
export function otherAnswers(answer: Message, messages: Messages): readonly Message[] {
  return [...messages.values()]
    .filter(({ id, parent_id }) => parent_id === answer.parent_id && id !== answer.id)
    .sort((left, right) => left.created_at - right.created_at)
}

/**
 * Asks anew, under another message, the prompts that were queued behind an answer that will never be. True when there were any:
 * the chat then ends with the last of them.
 */
export async function moveFollowers(
  editor: LocalEditor,
  facts: ChatFacts,
  move: { readonly from: string; readonly to: string | null },
): Promise<boolean> {
  let hasMoved = false
  for (const question of childrenOf(facts.messages, move.from)) {
    for (const answer of childrenOf(facts.messages, question.id)) {
      const { conversation_id: conversationId, model } = answer
      if (answer.status !== 'queued' || model === null || !(await withdrawPrompt(editor, answer, facts))) continue
      const ids = { questionId: facts.newId(), answerId: facts.newId(), runId: facts.newId() }
      await askPrompt(editor, { ...ids, conversationId, parentId: move.to, text: question.content, model })
      await moveFollowers(editor, facts, { from: answer.id, to: ids.answerId })
      hasMoved = true
    }
  }
  return hasMoved
}

function childrenOf(messages: Messages, parentId: string): readonly Message[] {
  return [...messages.values()].filter(({ parent_id }) => parent_id === parentId)
}
