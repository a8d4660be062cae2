import type { ReadonlySignal } from '@preact/signals-core'
import type { Persona } from '#shared/records.ts'
import { changeChatSettings } from '../../actions/change-chat-settings.ts'
import { chooseModel } from '../../actions/choose-model.ts'
import { givePersona } from '../../actions/edit-personas.ts'
import { pinConversations } from '../../actions/pin-conversations.ts'
import { renameConversation } from '../../actions/rename-conversation.ts'
import { shelveConversations } from '../../actions/shelve-conversations.ts'
import type { App } from '../../app.ts'
import { NO_SETTINGS } from '../../stores/current-chat.ts'
import type { SessionValues } from '../components/session-facts.ts'
import { openSessionSheet } from '../sheets/session-sheet.ts'
import { branchListOptions } from './branch-list-options.ts'
import type { Sheets } from './sheets.ts'
import { syncPartOptions } from './sync-part-options.ts'

/** Opens the sheet of the chat on the screen. */
export function showSession(
  app: App,
  host: HTMLElement,
  values: ReadonlySignal<SessionValues>,
  sheets: Pick<Sheets, 'openTags' | 'openExport' | 'openModels' | 'openSetup'>,
): void {
  const conversation = app.chat.conversation.peek()
  openSessionSheet(host, {
    values,
    conversation,
    persona: { personas: app.personas.list, settings: app.chat.settings, onChoose: persona => speak(app, persona) },
    sync: syncPartOptions(app),
    branches: branchListOptions(app),
    onRename(title) {
      if (conversation !== null) void renameConversation(app, conversation, title)
    },
    onPin() {
      if (conversation !== null) void pinConversations(app, [conversation.id])
    },
    onTags() {
      if (conversation !== null) sheets.openTags(conversation)
    },
    onArchive() {
      if (conversation !== null) void shelveConversations(app, [conversation], 'archive-or-back')
    },
    onExport() {
      if (conversation !== null) sheets.openExport(conversation)
    },
    onDelete() {
      if (conversation !== null) void shelveConversations(app, [conversation], 'trash')
    },
    onModel: () => sheets.openModels(modelId => void chooseModel(app, modelId)),
    onSetup: sheets.openSetup,
  })
}

function speak(app: App, persona: Persona | null): void {
  void (persona === null ? changeChatSettings(app, () => NO_SETTINGS) : givePersona(app, persona))
}
