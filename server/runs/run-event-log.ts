import type { Scheduler } from '#shared/clock.ts'
import type { Writer } from '../database/writer.ts'
import { errorFields, type Log } from '../log.ts'
import type { RunChannel, RunEventLog } from './live-run.ts'
import { insertRunEvent } from './runs-store.ts'

const DELAY_MS = 200

type Entry = { readonly runId: string; seq: number; readonly channel: RunChannel; data: string }

/** A run event log with `flush` (write now) and `forget` (the run's end stands in the database, its events need not). */
export interface BatchedRunEventLog extends RunEventLog {
  flush(): void
  forget(runId: string): void
}

/**
 * Writes the events of all active runs in one transaction every 200 ms, pieces of one channel joined; at most that much is
 * lost when the process is killed. While the disk is full the events wait in memory.
 */
export function createRunEventLog(options: {
  readonly writer: Writer
  readonly scheduler: Scheduler
  readonly log: Log
}): BatchedRunEventLog {
  const { writer, scheduler, log } = options
  let waiting: Entry[] = []
  const newest = new Map<string, Entry>()
  let isScheduled = false

  function flush(): void {
    if (waiting.length === 0) return
    const entries = waiting
    writer.write(({ sqlite }) => {
      for (const { runId, seq, channel, data } of entries) insertRunEvent(sqlite, { run_id: runId, seq, channel, data })
    })
    waiting = []
    newest.clear()
  }

  function flushLater(): void {
    if (isScheduled) return
    isScheduled = true
    scheduler.after(DELAY_MS, () => {
      isScheduled = false
      try {
        flush()
      } catch (error) {
        // The text is safe in memory and the run goes on; the next try writes all of it.
        log.error('run-events-not-written', errorFields(error))
        flushLater()
      }
    })
  }

  return {
    add: (runId, seq, channel, data) => {
      const last = newest.get(runId)
      if (last && last.channel === channel && (channel === 'text' || channel === 'reasoning')) {
        last.data += data
        last.seq = seq
      } else {
        const entry = { runId, seq, channel, data }
        waiting.push(entry)
        newest.set(runId, entry)
      }
      flushLater()
    },
    flush,
    forget: runId => {
      waiting = waiting.filter(entry => entry.runId !== runId)
      newest.delete(runId)
    },
  }
}
