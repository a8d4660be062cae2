import { signal } from '@preact/signals-core'
import { openConversation } from './actions/open-conversation.ts'
import { createApi } from './api/api-client.ts'
import { createEndpoints } from './api/endpoints.ts'
import type { App } from './app.ts'
import { systemClock } from './platform/clock.ts'
import { hasNetwork, onWake } from './platform/connection-hints.ts'
import { deviceId } from './platform/device-id.ts'
import type { LocalStore } from './platform/local-store.ts'
import { pagePause } from './platform/pause.ts'
import { newId } from './platform/random.ts'
import { createRouter } from './platform/router.ts'
import { createRunRegistry } from './runs/run-registry.ts'
import { watch } from './signals/watch.ts'
import { createComposerStore } from './stores/composer-store.ts'
import { createConnectionStore } from './stores/connection-store.ts'
import { createConversationStore } from './stores/conversation-store.ts'
import { createCurrentChat } from './stores/current-chat.ts'
import { createDraftStore } from './stores/draft-store.ts'
import { createMessageStore } from './stores/message-store.ts'
import { createModelStore } from './stores/model-store.ts'
import { createNoteStore } from './stores/note-store.ts'
import { createSettingsStore } from './stores/settings-store.ts'
import { createUsageStore } from './stores/usage-store.ts'

/** Builds everything the page works with, and starts nothing. */
export function createApp(alive: AbortSignal, store: LocalStore): App {
  const clock = systemClock
  const connection = createConnectionStore(clock)
  const endpoints = createEndpoints(
    createApi({
      fetch: (input, init) => fetch(input, init),
      clock,
      deviceId: deviceId(store, newId),
      hasNetwork,
      onReport: connection.report,
    }),
  )
  const router = createRouter(alive, window)
  const conversations = createConversationStore(endpoints)
  const messages = createMessageStore(endpoints, conversations)
  const models = createModelStore(endpoints, store)
  const registry = createRunRegistry()
  const drafts = createDraftStore(
    store,
    (run, delayMs) => window.setTimeout(run, delayMs),
    handle => window.clearTimeout(handle),
  )
  window.addEventListener('pagehide', drafts.flush, { signal: alive })
  return {
    alive,
    clock,
    newId,
    endpoints,
    router,
    conversations,
    messages,
    models,
    usage: createUsageStore(endpoints, clock),
    connection,
    settings: createSettingsStore(store),
    notes: createNoteStore(),
    composer: createComposerStore(drafts),
    chat: createCurrentChat({ router, conversations, messages, models, registry }),
    runs: { endpoints, messages, registry, clock, random: Math.random, pause: pagePause, alive },
    announcement: signal(''),
  }
}

/** Fetches what the page shows first, follows the route, and looks again when the page or the network wakes. */
export function startApp(app: App): void {
  const refreshLists = (): void => {
    void Promise.all([app.conversations.refresh(), app.models.refresh(), app.usage.refresh()])
  }
  watch(app.alive, app.chat.id, id => {
    app.composer.open(id)
    // A chat that was started here a moment ago has nothing to fetch yet.
    const isOwnStart = id !== null && app.conversations.byId.peek().get(id)?.rev === 0
    if (id !== null && !isOwnStart) void openConversation(app, id)
  })
  refreshLists()
  // The device knows at once; the next call would only learn it by failing.
  window.addEventListener('offline', () => app.connection.report({ ok: false, failure: { kind: 'offline' } }), {
    signal: app.alive,
  })
  onWake(app.alive, () => {
    const id = app.chat.id.peek()
    refreshLists()
    if (id !== null) void openConversation(app, id)
  })
}
