import type { Scheduler } from '#shared/clock.ts'
import { errorFields, type Log } from '../log.ts'
import type { PurgeService } from './purge-service.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Empties the trash now, and then every day. Returns how to end that. */
export function startTrashJob(options: {
  readonly purge: PurgeService
  readonly scheduler: Scheduler
  readonly log: Log
}): () => void {
  const { purge, scheduler, log } = options
  let cancel: (() => void) | null = null

  function work(): void {
    try {
      const count = purge.emptyTrash()
      if (count > 0) log.info('trash-emptied', { count })
    } catch (error) {
      // A full disk, say: what is in the trash can wait another day.
      log.error('trash-not-emptied', errorFields(error))
    }
    cancel = scheduler.after(DAY_MS, work)
  }

  work()
  return () => cancel?.()
}
