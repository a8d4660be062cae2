import type { Signal } from '@preact/signals-core'
import type { Clock } from '#shared/clock.ts'
import type { Endpoints } from './api/endpoints.ts'
import type { Router } from './platform/router.ts'
import type { WatchDependencies } from './runs/watch-run.ts'
import type { ComposerStore } from './stores/composer-store.ts'
import type { ConnectionStore } from './stores/connection-store.ts'
import type { ConversationStore } from './stores/conversation-store.ts'
import type { CurrentChat } from './stores/current-chat.ts'
import type { MessageStore } from './stores/message-store.ts'
import type { ModelStore } from './stores/model-store.ts'
import type { NoteStore } from './stores/note-store.ts'
import type { SettingsStore } from './stores/settings-store.ts'
import type { UsageStore } from './stores/usage-store.ts'

/** What actions and screens work with: made once in `main.ts`. */
export type App = {
  readonly alive: AbortSignal
  readonly clock: Clock
  readonly newId: () => string
  readonly endpoints: Endpoints
  readonly router: Router
  readonly conversations: ConversationStore
  readonly messages: MessageStore
  readonly models: ModelStore
  readonly usage: UsageStore
  readonly connection: ConnectionStore
  readonly settings: SettingsStore
  readonly notes: NoteStore
  readonly composer: ComposerStore
  readonly chat: CurrentChat
  readonly runs: WatchDependencies
  /** Said once to a screen reader, politely. */
  readonly announcement: Signal<string>
}
