import { batch } from '@preact/signals-core'
import type { ChatRequest } from '../api/endpoints.ts'
import { failureText } from '../api/outcome.ts'
import type { ListedConversation } from '../api/parse.ts'
import type { App } from '../app.ts'
import { startRun } from '../runs/watch-run.ts'
import { provisionalConversation, provisionalMessages } from '../stores/provisional.ts'
import { finishRun } from './finish-run.ts'

export type Prompt = {
  /** Null to have a stored prompt answered again. */
  readonly text: string | null
  /** The message before it, null for the first of a conversation; the stored prompt itself when it is answered again. */
  readonly parentId: string | null
  readonly model: string
  /** True when the text came out of the message box and belongs back there if it is refused. */
  readonly isFromComposer: boolean
}

/**
 * Asks a model. The rows show at once; the prompt is tried until the server has it, and its run id makes sure that it is
 * asked only once. Resolves when the answer has ended.
 */
export async function sendMessage(app: App, prompt: Prompt): Promise<void> {
  const draftOf = app.chat.id.peek()
  const request = requestFor(app, prompt)
  showRows(app, request)
  if (prompt.isFromComposer) app.composer.clear()
  if (draftOf === null) app.router.go({ name: 'chat', conversationId: request.conversation_id }, { replace: true })
  app.announcement.value = 'Answering'
  const end = await startRun(app.runs, request, {
    onAccepted: () => {
      if (prompt.isFromComposer) app.composer.forget(draftOf)
    },
  })
  if (end.kind === 'ended') return await finishRun(app, request.conversation_id, request.message_id)
  if (end.kind === 'left') {
    if (!app.alive.aborted) takeBack(app, request, prompt, draftOf)
    return
  }
  const { failure } = end
  if (failure.kind === 'refused' && failure.messageId !== null) {
    if (prompt.isFromComposer) app.composer.forget(draftOf)
    return await finishRun(app, request.conversation_id, failure.messageId)
  }
  takeBack(app, request, prompt, draftOf)
  const text = `${failureText(failure)}${prompt.isFromComposer ? ' Your text is back in the box.' : ''}`
  app.notes.show({ id: 'send', tag: 'not sent', tone: 'err', text, action: null })
}

function requestFor(app: App, prompt: Prompt): ChatRequest {
  return {
    run_id: app.newId(),
    conversation_id: app.chat.id.peek() ?? app.newId(),
    user_message_id: prompt.text === null ? null : app.newId(),
    message_id: app.newId(),
    parent_id: prompt.parentId,
    message: prompt.text,
    model: prompt.model,
  }
}

function showRows(app: App, request: ChatRequest): void {
  const nowMs = app.clock.now()
  const known = app.conversations.byId.peek().get(request.conversation_id)
  app.notes.hide('send')
  batch(() => {
    for (const message of provisionalMessages(request, nowMs)) app.messages.put(message)
    app.messages.markReady(request.conversation_id)
    app.conversations.holdLeaf(request.conversation_id, request.message_id)
    app.conversations.put(rowFor(known, request, nowMs))
  })
}

function rowFor(known: ListedConversation | undefined, request: ChatRequest, nowMs: number): ListedConversation {
  return known === undefined
    ? provisionalConversation(request, nowMs)
    : {
        ...known,
        model: request.model,
        active_leaf_id: request.message_id,
        updated_at: nowMs,
        preview: request.message ?? known.preview,
        last_status: 'streaming',
      }
}

/** The server never had this prompt: its rows go, its text returns. */
function takeBack(app: App, request: ChatRequest, prompt: Prompt, draftOf: string | null): void {
  app.conversations.holdLeaf(request.conversation_id, null)
  for (const message of provisionalMessages(request, 0)) app.messages.remove(message)
  const conversation = app.conversations.byId.peek().get(request.conversation_id)
  if (draftOf === null) {
    app.conversations.remove(request.conversation_id)
    if (app.chat.id.peek() === request.conversation_id)
      app.router.go({ name: 'chat', conversationId: null }, { replace: true })
  } else if (conversation !== undefined) {
    app.conversations.put({ ...conversation, active_leaf_id: request.parent_id, last_status: null })
  }
  if (prompt.isFromComposer && prompt.text !== null && app.chat.id.peek() === draftOf) app.composer.write(prompt.text)
}
