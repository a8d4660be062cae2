import { computed, type ReadonlySignal } from '@preact/signals-core'
import { chooseModel } from '../../actions/choose-model.ts'
import { deleteConversation } from '../../actions/delete-conversation.ts'
import { pinConversation } from '../../actions/pin-conversation.ts'
import { renameConversation } from '../../actions/rename-conversation.ts'
import { failureText } from '../../api/outcome.ts'
import type { App } from '../../app.ts'
import type { SessionValues } from '../components/session-facts.ts'
import { syncPartOptions } from './sync-part-options.ts'

export interface Sheets {
  openModels(onChoose: (modelId: string) => void): void
  openSetup(): void
  openSession(): void
  openKeys(): void
}

/** Opens the sheets. Their code is fetched at the first opening, off the way to the first paint. */
export function createSheets(app: App, host: HTMLElement, values: ReadonlySignal<SessionValues>): Sheets {
  const load = (open: () => Promise<void>): void => {
    if (host.querySelector('dialog[open]') !== null) return
    open().catch(() => {
      const text = 'This part of the page could not be fetched. It comes when the pi answers again.'
      app.notes.show({ id: 'sheet', tag: 'not here', tone: 'warn', text, action: null })
    })
  }
  const sheets: Sheets = {
    openModels: onChoose =>
      load(async () => {
        const { openModelPicker } = await import('../sheets/model-picker.ts')
        openModelPicker(host, {
          models: app.models.models,
          currentId: app.chat.modelId.peek(),
          status: modelStatus(app),
          onChoose,
        })
      }),
    openSetup: () => app.router.go({ name: 'page', page: 'setup', part: null }),
    openKeys: () =>
      load(async () => {
        const { openKeysSheet } = await import('../sheets/keys-sheet.ts')
        openKeysSheet(host)
      }),
    openSession: () => load(() => openSession(app, host, values, sheets)),
  }
  return sheets
}

async function openSession(
  app: App,
  host: HTMLElement,
  values: ReadonlySignal<SessionValues>,
  sheets: Sheets,
): Promise<void> {
  const { openSessionSheet } = await import('../sheets/session-sheet.ts')
  const conversation = app.chat.conversation.peek()
  openSessionSheet(host, {
    values,
    conversation,
    sync: syncPartOptions(app),
    onRename(title) {
      if (conversation !== null) void renameConversation(app, conversation, title)
    },
    onPin() {
      if (conversation !== null) void pinConversation(app, conversation)
    },
    onDelete() {
      if (conversation !== null) void deleteConversation(app, conversation)
    },
    onModel: () => sheets.openModels(modelId => void chooseModel(app, modelId)),
    onSetup: sheets.openSetup,
  })
}

function modelStatus(app: App): ReadonlySignal<string> {
  return computed(() => {
    const load = app.models.load.value
    if (load.state === 'loading') return 'Asking the pi which models answer.'
    return load.state === 'failed' ? failureText(load.failure) : 'No model has these words in its name.'
  })
}
