import type { ReadonlySignal, Signal } from '@preact/signals-core'
import type { Clock, Scheduler } from '#shared/clock.ts'
import type { Api } from './api/api-client.ts'
import type { Endpoints } from './api/endpoints.ts'
import type { DeviceState } from './device/device.ts'
import type { DeviceStorage } from './platform/device-storage.ts'
import type { LocalStore } from './platform/local-store.ts'
import type { Router } from './platform/router.ts'
import type { RunStores } from './runs/watch-run.ts'
import type { ComposerStore } from './stores/composer-store.ts'
import type { ConnectionStore } from './stores/connection-store.ts'
import type { ConversationStore } from './stores/conversation-store.ts'
import type { CurrentChat } from './stores/current-chat.ts'
import type { DraftStore } from './stores/draft-store.ts'
import type { FindStore } from './stores/find-store.ts'
import type { InstalledStore } from './stores/installed-store.ts'
import type { LastScreenStore } from './stores/last-screen.ts'
import type { MessageStore } from './stores/message-store.ts'
import type { ModelStore } from './stores/model-store.ts'
import type { NoteStore } from './stores/note-store.ts'
import type { PersonaStore } from './stores/persona-store.ts'
import type { SettingsStore } from './stores/settings-store.ts'
import type { SharedSettings } from './stores/shared-settings.ts'
import type { ShelfStore } from './stores/shelf-store.ts'
import type { SyncState } from './stores/sync-state.ts'
import type { UsageStore } from './stores/usage-store.ts'
import type { Transfer } from './transfer/transfer.ts'

/** What actions and screens work with: made once in `main.ts`. */
export type App = {
  readonly alive: AbortSignal
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** The time as the page shows it: moves a few times a minute. */
  readonly nowMs: ReadonlySignal<number>
  readonly newId: () => string
  readonly endpoints: Endpoints
  /** For parts that come later and bring calls of their own. */
  readonly api: Api
  readonly router: Router
  readonly device: ReadonlySignal<DeviceState>
  /** Opens this device's data, once the page has been painted. Again, where a part of this program could not be fetched. */
  openDevice(): Promise<void>
  /** Taking out and bringing in; its code is fetched when it is first asked for. */
  transfer(): Promise<Transfer>
  readonly storage: DeviceStorage
  readonly sync: SyncState
  /** What the page before this one showed. */
  readonly lastScreen: LastScreenStore
  readonly conversations: ConversationStore
  readonly shelf: ShelfStore
  readonly messages: MessageStore
  readonly models: ModelStore
  readonly usage: UsageStore
  readonly connection: ConnectionStore
  /** How this device likes to look and to type. */
  readonly settings: SettingsStore
  readonly shared: SharedSettings
  readonly personas: PersonaStore
  readonly notes: NoteStore
  readonly drafts: DraftStore
  readonly composer: ComposerStore
  readonly chat: CurrentChat
  readonly find: FindStore
  readonly runs: RunStores
  /** Said once to a screen reader, politely. */
  readonly announcement: Signal<string>
  readonly installed: InstalledStore
  /** Remembers for as long as the tab lasts. */
  readonly session: LocalStore
  /** The page as the server has it now. */
  fetchPage(): Promise<Response>
}
