import { escapePrompt } from '#shared/commands/escape-prompt.ts'
import type { App } from '../app.ts'
import { NO_SETTINGS } from '../stores/current-chat.ts'
import { askPrompt } from './ask-prompt.ts'
import { editRows } from './edit-rows.ts'
import { showActiveBranch } from './show-active-branch.ts'
import { type ChatFacts, moveFollowers, withdrawPrompt } from './withdraw-prompt.ts'

type Prompt = {
  readonly text: string
  readonly model: string
  /** The message before it, null for the first of a conversation. */
  readonly parentId: string | null
  /** The question that this one was changed from. One that has not gone out is taken back for it. */
  readonly replacesId: string | null
}

/** Keeps what stands in the box on this device, from where it goes out as soon as the server answers. */
export async function sendMessage(app: App, prompt: Prompt): Promise<void> {
  const openId = app.chat.id.peek()
  const conversationId = openId ?? app.newId()
  const ids = { conversationId, questionId: app.newId(), answerId: app.newId(), runId: app.newId() }
  const facts: ChatFacts = {
    messages: app.messages.messages.peek(),
    outbox: app.sync.outbox.peek(),
    newId: app.newId,
  }
  const { system_prompt, params } = app.chat.settings.peek()
  app.notes.hide('edit')
  app.composer.clear()
  const isKept = await editRows(app, async editor => {
    const replaced = [...facts.messages.values()].find(
      ({ parent_id, status, rev }) => parent_id === prompt.replacesId && status === 'queued' && rev === 0,
    )
    const isTakenBack = replaced !== undefined && (await withdrawPrompt(editor, replaced, facts))
    await askPrompt(editor, { ...ids, ...prompt, settings: { system_prompt, params } })
    if (isTakenBack) await moveFollowers(editor, facts, { from: replaced.id, to: ids.answerId })
    return true
  })
  if (isKept === null) {
    const { text, parentId, replacesId } = prompt
    if (replacesId === null) app.composer.write(escapePrompt(text))
    else app.composer.edit({ questionId: replacesId, parentId }, escapePrompt(text))
    return
  }
  if (openId === null) {
    app.chat.nextSettings.value = NO_SETTINGS
    app.models.picked.value = null
  }
  showActiveBranch(app)
  if (openId === null && app.chat.id.peek() === null) {
    app.router.go({ name: 'chat', conversationId }, { replace: true })
  }
}
