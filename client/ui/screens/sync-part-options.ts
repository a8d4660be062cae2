import { computed } from '@preact/signals-core'
import { wakeApp } from '../../actions/wake-app.ts'
import type { App } from '../../app.ts'
import { problemWords, syncFacts } from '../components/sync-facts.ts'
import type { SyncPartOptions } from '../sheets/sync-part.ts'

/** How this device's copy stands, for the parts of the page that tell it. */
export function syncPartOptions(app: App): SyncPartOptions {
  void app.storage.refresh()
  return {
    facts: computed(() =>
      syncFacts({
        status: app.sync.status.value,
        storage: app.storage.facts.value,
        hasDatabase: app.device.value.state === 'open' && app.sync.storage.value.kind !== 'memory',
      }),
    ),
    words: computed(() => problemWords(app.sync.status.value, app.sync.storage.value)),
    onRetry: () => wakeApp(app),
  }
}
