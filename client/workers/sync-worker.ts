import { systemClock } from '../platform/clock.ts'
import { randomBytes } from '../platform/random.ts'
import { pageScheduler } from '../platform/scheduler.ts'
import { createSyncWorkerSide } from '../sync-host/sync-worker-side.ts'
import type { FromWorker, ToWorker } from '../sync-host/worker-messages.ts'

const locks: LockManager | undefined = Reflect.get(self.navigator, 'locks')

const hear = createSyncWorkerSide({
  fetch: (input, init) => fetch(input, init),
  locks: locks ?? null,
  channel: new BroadcastChannel('llmr-sync'),
  clock: systemClock,
  scheduler: pageScheduler,
  randomBytes,
  databaseNames: async () => (await indexedDB.databases()).flatMap(({ name }) => name ?? []),
  say: (message: FromWorker) => self.postMessage(message),
})

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => hear(data))
