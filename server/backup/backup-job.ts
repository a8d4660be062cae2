import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Clock, Scheduler } from '#shared/clock.ts'
import type { BackupConfig } from '../config.ts'
import { errorFields, type Log } from '../log.ts'
import { backupFileName, newestBackupAt, pruneBackups } from './backup-files.ts'

/** How the backups are, as `/health` says it. */
export type BackupState = {
  readonly state: 'off' | 'ok' | 'failing'
  /** When the newest was made, in milliseconds since 1970; null while there is none, and in the first minute after a start. */
  readonly last_at: number | null
}

export interface BackupJob {
  state(): BackupState
  /** Begins no other, and gives up the one that is running. */
  stop(): void
}

type BackupJobOptions = {
  readonly databasePath: string
  readonly config: BackupConfig
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

const HOUR_MS = 60 * 60 * 1000
/** The start of a server is no moment to copy its database. */
const FIRST_LOOK_MS = 60_000
const LOOK_EVERY_MS = 10 * 60_000

/** Backs the database up whenever the newest backup is older than was asked for, while the server runs, and keeps the newest few. */
export function startBackupJob(options: BackupJobOptions): BackupJob {
  const { config, clock, scheduler, log } = options
  const { folder, everyHours } = config
  const stopping = new AbortController()
  let hasFailed = false
  let lastAt: number | null = null
  let cancel = everyHours === 0 ? () => undefined : scheduler.after(FIRST_LOOK_MS, () => void look())

  async function look(): Promise<void> {
    try {
      await backUpIfDue()
      hasFailed = false
    } catch (error) {
      if (stopping.signal.aborted) return
      // A stick that was pulled, say: it is on /health, and the next look tries again.
      hasFailed = true
      log.error('backup-failed', errorFields(error))
    }
    if (!stopping.signal.aborted) cancel = scheduler.after(LOOK_EVERY_MS, () => void look())
  }

  async function backUpIfDue(): Promise<void> {
    const now = clock.now()
    lastAt = newestBackupAt(folder)
    // A newest backup of the future is one of a wrong clock.
    if (lastAt !== null && lastAt <= now && now - lastAt < everyHours * HOUR_MS) return
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, backupFileName(now))
    await backUpInThread({ databasePath: options.databasePath, file }, stopping.signal)
    lastAt = now
    pruneBackups(folder, config.keep)
    log.info('backup-made', { kept: config.keep })
  }

  return {
    state: () => {
      if (everyHours === 0) return { state: 'off', last_at: null }
      return { state: hasFailed ? 'failing' : 'ok', last_at: lastAt }
    },
    stop: () => {
      stopping.abort()
      cancel()
    },
  }
}

async function backUpInThread(
  workerData: { readonly databasePath: string; readonly file: string },
  stopping: AbortSignal,
): Promise<void> {
  const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), { workerData })
  stopping.addEventListener('abort', () => void worker.terminate(), { once: true })
  const [code] = await once(worker, 'exit')
  if (code !== 0) throw new Error(`The backup ended with code ${code}`)
}
