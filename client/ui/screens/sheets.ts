import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Conversation } from '#shared/records.ts'
import { failureText } from '../../api/outcome.ts'
import type { App } from '../../app.ts'
import { hasAppleKeyboard } from '../../platform/input-kind.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { offered } from '../../stores/model-taste.ts'
import type { SessionValues } from '../components/session-facts.ts'
import type { ActOnTurn } from '../turn-acts.ts'
import { fetchPart } from './fetch-part.ts'
import type { recoverDevice } from './recover-device.ts'

export interface Sheets {
  openModels(onChoose: (modelId: string) => void): void
  openSetup(): void
  openSession(): void
  openTags(conversation: Conversation): void
  openExport(conversation: Conversation | null): void
  openImport(): void
  openKeys(): void
  openTurn(turn: Turn, act: ActOnTurn): void
  /** This device's data cannot be opened. */
  openRecovery(closed: Parameters<typeof recoverDevice>[2]): void
}

/** Opens the sheets. Their code is fetched at the first opening, off the way to the first paint. */
export function createSheets(app: App, host: HTMLElement, values: ReadonlySignal<SessionValues>): Sheets {
  const load = (open: () => Promise<void>): void => {
    if (host.querySelector('dialog[open]') === null) fetchPart(app, open)
  }
  const sheets: Sheets = {
    openModels: onChoose =>
      load(async () => {
        const { openModelPicker } = await import('../sheets/model-picker.ts')
        openModelPicker(host, {
          models: computed(() => offered(app.models.models.value, app.models.taste.value, app.chat.modelId.peek())),
          currentId: app.chat.modelId.peek(),
          status: modelStatus(app),
          onChoose,
        })
      }),
    openSetup: () => app.router.go({ name: 'page', page: 'setup', part: null }),
    openKeys: () =>
      load(async () => {
        const { openKeysSheet } = await import('../sheets/keys-sheet.ts')
        openKeysSheet(host, hasAppleKeyboard())
      }),
    openTurn: (turn, act) =>
      load(async () => {
        const { showTurnSheet } = await import('./show-turn-sheet.ts')
        showTurnSheet(app, host, turn, act)
      }),
    openRecovery: closed =>
      load(async () => {
        const recovery = await import('./recover-device.ts')
        recovery.recoverDevice(app, host, closed)
      }),
    openTags: conversation =>
      load(async () => {
        const { tagChats } = await import('./tag-chats.ts')
        tagChats(app, host, [conversation])
      }),
    openExport: conversation =>
      load(async () => {
        const { openExport } = await import('./open-transfer.ts')
        openExport(app, host, conversation === null ? null : [conversation])
      }),
    openImport: () =>
      load(async () => {
        const { openImport } = await import('./open-transfer.ts')
        openImport(app, host)
      }),
    openSession: () =>
      load(async () => {
        const { showSession } = await import('./show-session.ts')
        showSession(app, host, values, sheets)
      }),
  }
  return sheets
}

function modelStatus(app: App): ReadonlySignal<string> {
  return computed(() => {
    const load = app.models.load.value
    if (load.state === 'loading') return 'Asking the pi which models answer.'
    return load.state === 'failed' ? failureText(load.failure) : 'No model has these words in its name.'
  })
}
