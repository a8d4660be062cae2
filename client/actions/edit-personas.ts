import type { Persona } from '#shared/records.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { DEFAULT_PERSONA_SETTING } from '../stores/persona-store.ts'
import { changeConversation } from './change-conversation.ts'
import { changeSharedSetting } from './change-shared-setting.ts'
import { editRows } from './edit-rows.ts'

export type PersonaContent = Pick<Persona, 'name' | 'system_prompt' | 'model' | 'params'>

const UNDO_MS = 8_000

/** Keeps a persona; a null id makes a new one. */
export async function savePersona(app: App, id: string | null, content: PersonaContent): Promise<void> {
  const ref = rowRef('personas', id ?? app.newId())
  await editRows(app, async editor => {
    if (id === null) await editor.put(ref, content)
    else await editor.set(ref, content)
  })
}

/** Deletes a persona, and offers to bring it back. Chats that began with it keep what they have. */
export async function deletePersona(app: App, { id, name }: Persona): Promise<void> {
  const noteId = `gone-${id}`
  const setDeleted = (deleted_at: number | null) =>
    editRows(app, editor => editor.set(rowRef('personas', id), { deleted_at }))
  const isGone = await setDeleted(app.clock.now())
  if (isGone !== true) return
  const run = (): void => {
    app.notes.hide(noteId)
    void setDeleted(null)
  }
  app.notes.show({ id: noteId, tag: 'gone', tone: 'plain', text: name, action: { label: 'undo', run } })
  app.scheduler.after(UNDO_MS, () => app.notes.hide(noteId))
}

/** The persona that new chats begin with, on all devices; null for none. */
export async function setStandardPersona(app: App, id: string | null): Promise<void> {
  await changeSharedSetting(app, DEFAULT_PERSONA_SETTING, () => id)
}

/** Gives the open chat a persona's prompt, model and parameters from its next prompt on, and goes there; or the chat that is to begin. */
export async function applyPersona(app: App, persona: Persona): Promise<void> {
  const conversationId = app.chat.id.peek()
  if (await givePersona(app, persona)) app.router.go({ name: 'chat', conversationId })
}

/** The same without going anywhere; false where it could not be kept. */
export async function givePersona(app: App, { system_prompt, params, model }: Persona): Promise<boolean> {
  const conversationId = app.chat.id.peek()
  if (conversationId !== null) {
    const change = { system_prompt, params, ...(model === null ? {} : { model }) }
    return changeConversation(app, conversationId, change)
  }
  app.chat.nextSettings.value = { system_prompt, params }
  if (model !== null) app.models.picked.value = model
  return true
}
