import { systemClock } from '../platform/clock.ts'
import { randomBytes } from '../platform/random.ts'
import { pageScheduler } from '../platform/scheduler.ts'
import type { TransferAnswer, TransferJob } from '../transfer/transfer-messages.ts'
import { doTransfer } from '../transfer/transfer-worker-side.ts'

const storage: StorageManager | undefined = Reflect.get(self.navigator, 'storage')
const locks: LockManager | undefined = Reflect.get(self.navigator, 'locks')

self.addEventListener('message', ({ data }: MessageEvent<TransferJob>) => {
  const say = (answer: TransferAnswer): void => self.postMessage(answer)
  // What is no AppError should not happen: the page hears of it as an error of this worker.
  void doTransfer(data, {
    clock: systemClock,
    scheduler: pageScheduler,
    randomBytes,
    storage,
    locks: locks ?? null,
    say,
  })
})
