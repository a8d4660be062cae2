import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { makeId } from '#shared/ids.ts'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import type { ImportFile } from '#shared/transfer/import/import-limits.ts'
import { holdBulkLock } from '../database/bulk-lock.ts'
import { announceChats, type CalmAnnouncer, createCalmAnnouncer } from '../database/calm-announcer.ts'
import { createDexieSyncStore } from '../database/dexie-sync-store.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { openLocalDatabase } from '../database/open-database.ts'
import { exportChats } from './export-chats.ts'
import { openFileSink } from './file-sink.ts'
import { importChats, tryImport } from './import-chats.ts'
import { listImports } from './import-record.ts'
import type { TransferAnswer, TransferEnd, TransferJob } from './transfer-messages.ts'
import { undoImport } from './undo-import.ts'

/** How often pages hear of what an import has written: each time they read their lists anew. */
const ANNOUNCE_EVERY_MS = 2000
/** How often a page hears how far a job is: no eye follows more. */
const PROGRESS_EVERY_MS = 100

const BROKEN = new AppError('internal', 'This came to an end by itself. What was done until then stays.')

/** The browser as the worker sees it. */
export type TransferPorts = {
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  /** Missing on plain HTTP. */
  readonly storage: StorageManager | undefined
  /** Null on plain HTTP. */
  readonly locks: LockManager | null
  readonly say: (answer: TransferAnswer) => void
}

/** Does one job, and says how it ended. A worker is ended from outside: whatever it was doing is whole or recorded. */
export async function doTransfer(job: TransferJob, ports: TransferPorts): Promise<void> {
  const announcer = createCalmAnnouncer(ports.scheduler, ANNOUNCE_EVERY_MS)
  try {
    const end = await doJob(job, await open(ports), { ...ports, announcer })
    announcer.flush()
    ports.say(end)
  } catch (error) {
    announcer.flush()
    const isTold = error instanceof AppError
    ports.say({ kind: 'failed', error: isTold ? error.detail : BROKEN.detail })
    if (!isTold) throw error
  }
}

async function open(ports: TransferPorts): Promise<LocalDatabase> {
  const opened = await openLocalDatabase({ ...ports, onBlocked: () => undefined, onClosing: () => undefined })
  if (opened.kind === 'open') return opened.database
  throw new AppError('internal', 'The browser’s database does not answer. Reload, then do it again.', {
    cause: opened.cause,
  })
}

type JobPorts = TransferPorts & { readonly announcer: CalmAnnouncer }

async function doJob(job: TransferJob, database: LocalDatabase, ports: JobPorts): Promise<TransferEnd> {
  const { clock, randomBytes, locks, announcer, say } = ports
  const store = createDexieSyncStore(database, { ...ports, announce: announcer.announce })
  const context = { store, clock, randomBytes, rules: DEVICE_RULES }
  let toldAtMs = 0
  const onProgress = (done: number, total = 0): void => {
    const nowMs = clock.now()
    if (nowMs - toldAtMs < PROGRESS_EVERY_MS) return
    toldAtMs = nowMs
    say({ kind: 'progress', done, total })
  }
  const work = { database, context, onProgress }
  switch (job.kind) {
    case 'export': {
      const sink = await openFileSink(ports.storage, makeId(clock.now(), randomBytes))
      return { kind: 'exported', result: await exportChats(job, { database, sink, nowMs: clock.now(), onProgress }) }
    }
    case 'try':
      return { kind: 'tried', report: await tryImport(job.files.map(importFile), work) }
    case 'import':
      return {
        kind: 'imported',
        result: await holdBulkLock(locks, () => importChats(job.files.map(importFile), work)),
      }
    case 'undo':
      return { kind: 'undone', result: await undoImport(job.batchId, work) }
    case 'list':
      // It is asked for after each import, whichever way that ended.
      announceChats(database)
      return { kind: 'listed', imports: await listImports(database) }
    default:
      return job satisfies never
  }
}

function importFile(file: File): ImportFile {
  return { name: file.name, size: file.size, read: (start, end) => readStream(file.slice(start, end).stream()) }
}

/** Not every browser lets a stream be walked over. */
async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
}
