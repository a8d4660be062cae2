import { isBulkLockHeld } from '../database/bulk-lock.ts'
import { systemClock } from '../platform/clock.ts'
import { randomBytes } from '../platform/random.ts'
import { pageScheduler } from '../platform/scheduler.ts'
import { openOpfsIndexFiles } from '../search/opfs-index-files.ts'
import type { FromSearchWorker, ToSearchWorker } from '../search/search-messages.ts'
import { createSearchWorkerSide } from '../search/search-worker-side.ts'

const locks: LockManager | undefined = Reflect.get(self.navigator, 'locks')

const hear = createSearchWorkerSide({
  locks: locks ?? null,
  channel: new BroadcastChannel('llmr-search'),
  clock: systemClock,
  scheduler: pageScheduler,
  randomBytes,
  openFiles: () => openOpfsIndexFiles(Reflect.get(self.navigator, 'storage')),
  isBusy: () => isBulkLockHeld(locks ?? null),
  say: (message: FromSearchWorker) => self.postMessage(message),
})

self.addEventListener('message', ({ data }: MessageEvent<ToSearchWorker>) => hear(data))
