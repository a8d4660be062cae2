import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { createApi } from './api/api-client.ts'
import { createEndpoints } from './api/endpoints.ts'
import type { App } from './app.ts'
import type { DeviceState, OpenedDevice } from './device/device.ts'
import type { DeviceOptions } from './device/open-device.ts'
import { systemClock } from './platform/clock.ts'
import { hasNetwork } from './platform/connection-hints.ts'
import { createDeviceStorage } from './platform/device-storage.ts'
import { keepInstallOffer } from './platform/install-offer.ts'
import type { LocalStore } from './platform/local-store.ts'
import { newId, randomBytes } from './platform/random.ts'
import { createRouter, type Router } from './platform/router.ts'
import { pageScheduler } from './platform/scheduler.ts'
import { createRunRegistry } from './runs/run-registry.ts'
import { pageTime } from './signals/page-time.ts'
import { watch } from './signals/watch.ts'
import { createComposerStore } from './stores/composer-store.ts'
import { createConnectionStore } from './stores/connection-store.ts'
import { createConversationStore } from './stores/conversation-store.ts'
import { createCurrentChat } from './stores/current-chat.ts'
import { createDraftStore } from './stores/draft-store.ts'
import { createFindStore } from './stores/find-store.ts'
import { createInstalledStore } from './stores/installed-store.ts'
import { createLastScreen } from './stores/last-screen.ts'
import { createMessageStore } from './stores/message-store.ts'
import { createModelStore } from './stores/model-store.ts'
import { createNoteStore } from './stores/note-store.ts'
import { createPersonaStore } from './stores/persona-store.ts'
import { createSettingsStore } from './stores/settings-store.ts'
import { createSharedSettings } from './stores/shared-settings.ts'
import { createShelfStore } from './stores/shelf-store.ts'
import { createSyncState } from './stores/sync-state.ts'
import { createUsageStore } from './stores/usage-store.ts'
import type { Transfer, TransferOptions } from './transfer/transfer.ts'

export type AppOptions = {
  readonly alive: AbortSignal
  /** What no other build of this program is called. */
  readonly build: string
  readonly store: LocalStore
  /** Lasts as long as the tab. */
  readonly session: LocalStore
  /** Fetches what takes chats out and brings them in. */
  readonly openTransfer: (options: Omit<TransferOptions, 'spawn'>) => Promise<Transfer>
  /** Fetches and opens what keeps this device's data. */
  readonly openDevice: (options: Omit<DeviceOptions, 'spawn' | 'spawnSearch'>) => Promise<OpenedDevice>
}

/** Builds everything the page works with, and starts nothing. */
export function createApp({ alive, build, store, session, openDevice, openTransfer }: AppOptions): App {
  const clock = systemClock
  const scheduler = pageScheduler
  const notes = createNoteStore()
  const connection = createConnectionStore(clock)
  const fetchFromServer: typeof fetch = (input, init) => fetch(input, init)
  const api = createApi({
    fetch: fetchFromServer,
    clock,
    hasNetwork,
    onReport: connection.report,
  })
  const endpoints = createEndpoints(api)
  const router = createRouter(alive, window)
  const find = createFindStore(router.route)
  const under = chatUnder(alive, router)
  const id = computed(() => find.wanted.value?.conversationId ?? under.value)
  const registry = createRunRegistry()
  const nowMs = pageTime(alive, { clock, scheduler })

  const device = signal<DeviceState>({ state: 'opening' })
  const shared = createSharedSettings(alive, device)
  const models = createModelStore(endpoints, store, shared)
  const personas = createPersonaStore(alive, { device, settings: shared })
  const sync = createSyncState(alive, device, { scheduler, hasNetwork })
  const lastScreen = createLastScreen(store, build)
  const { page, chat } = lastScreen.found
  const conversations = createConversationStore(alive, { ...sync, device, shelf: signal('chats'), kept: page })
  const messages = createMessageStore(alive, { ...sync, device, id, kept: chat })
  const drafts = createDraftStore(alive, {
    store,
    device,
    scheduler,
    onFault: reportError,
  })
  let transfer: Promise<Transfer> | null = null
  return {
    alive,
    clock,
    scheduler,
    nowMs,
    newId,
    endpoints,
    api,
    router,
    device,
    async openDevice() {
      const onBlocked = (): void =>
        void import('./stores/storage-notes.ts').then(({ tellBlocked }) => tellBlocked(notes))
      const ports = {
        fetch: fetchFromServer,
        api,
        alive,
        clock,
        scheduler,
        random: Math.random,
        randomBytes,
        marker: store,
        onBlocked,
        onFault: reportError,
      }
      device.value = await openDevice(ports).catch((error: unknown) => {
        // A part that cannot be fetched says so here, and is fetched again at the next wake.
        if (!(error instanceof TypeError)) reportError(error)
        return UNFETCHED
      })
    },
    transfer: () => {
      transfer ??= openTransfer({ alive, device }).catch((error: unknown) => {
        transfer = null
        throw error
      })
      return transfer
    },
    storage: createDeviceStorage(navigator.storage),
    sync,
    lastScreen,
    conversations,
    shelf: createShelfStore(alive, { ...sync, device, route: router.route }),
    messages,
    models,
    usage: createUsageStore(alive, { device, list: conversations.list, nowMs, settings: shared }),
    connection,
    settings: createSettingsStore(store),
    shared,
    personas,
    notes,
    drafts,
    composer: createComposerStore(drafts),
    chat: createCurrentChat({ id, messages, models, registry, personas, wanted: find.wanted }),
    find,
    runs: { endpoints, registry, messages, clock, random: Math.random },
    announcement: signal(''),
    installed: createInstalledStore(keepInstallOffer(alive, window)),
    session,
    fetchPage: () => fetch('/', { cache: 'no-store' }),
  }
}

/** The conversation that is open. A page lies over it and leaves it as it is. */
function chatUnder(alive: AbortSignal, { route }: Router): ReadonlySignal<string | null> {
  const id = signal<string | null>(null)
  watch(alive, route, now => {
    if (now.name === 'page' && now.page === 'tree') id.value = now.part
    else if (now.name !== 'page' && now.name !== 'find') id.value = now.name === 'chat' ? now.conversationId : null
  })
  return id
}

const UNFETCHED: OpenedDevice = { state: 'closed', reason: 'code' }
