import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { Clock, RandomBytes } from '#shared/clock.ts'
import type { RestorePolicy } from '#shared/sync-rules.ts'
import { lockDatabase } from '../database/lock-database.ts'
import { openDatabase } from '../database/open-database.ts'
import { createWriter } from '../database/writer.ts'
import { HIGHWATER_NAME } from '../sync/highwater.ts'
import { mintEpoch } from '../sync/history-store.ts'
import { copyDatabase, flushToDisk, removeDatabase } from './copy-database.ts'

export type RestoreOptions = {
  readonly databasePath: string
  readonly file: string
  readonly policy: RestorePolicy
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/**
 * Puts a backup in the place of the database, as the beginning of a new epoch, and keeps the old one beside it. Whenever it is
 * interrupted, one whole database stands there. Returns where the old one is, null where there was none. Throws AppError
 * `conflict` while a server is running, and `bad-request` for a file that is no good; then nothing has changed.
 */
export async function restore(options: RestoreOptions): Promise<string | null> {
  const { databasePath, file } = options
  const folder = dirname(databasePath)
  mkdirSync(folder, { recursive: true })
  const unlock = lockDatabase(join(folder, 'server.lock'))
  const incoming = `${databasePath}.restoring`
  try {
    await copyDatabase(file, incoming)
    beginEpoch(incoming, options)
    const kept = keepOld(databasePath, options.clock)
    // It speaks of the database that goes, and would take the one that comes for a copy put back by hand.
    rmSync(join(folder, HIGHWATER_NAME), { force: true })
    renameSync(incoming, databasePath)
    flushToDisk(folder)
    return kept
  } finally {
    removeDatabase(incoming)
    unlock()
  }
}

function beginEpoch(path: string, { clock, randomBytes, policy }: RestoreOptions): void {
  const sqlite = openDatabase(path)
  try {
    createWriter({ sqlite, clock, randomBytes }).write(transaction => mintEpoch(transaction, policy))
    sqlite.pragma('journal_mode = DELETE')
  } finally {
    sqlite.close()
  }
  flushToDisk(path)
}

function keepOld(databasePath: string, clock: Clock): string | null {
  if (!existsSync(databasePath)) return null
  const moment = new Date(clock.now()).toISOString().replace(/[:.]/g, '-')
  const kept = `${databasePath}.before-${moment}`
  const isWhole = takeInLog(databasePath)
  copyFileSync(databasePath, kept)
  flushToDisk(kept)
  // The log of a database that cannot be opened belongs to it, and must not meet the one that comes.
  if (!isWhole && existsSync(`${databasePath}-wal`)) renameSync(`${databasePath}-wal`, `${kept}-wal`)
  for (const ending of ['-wal', '-shm']) rmSync(`${databasePath}${ending}`, { force: true })
  return kept
}

/** Writes what is still in the log beside the database into it; false when it is too damaged for that, which may be why it goes. */
function takeInLog(path: string): boolean {
  const sqlite = new BetterSqlite3(path)
  try {
    sqlite.pragma('wal_checkpoint(TRUNCATE)')
    return true
  } catch {
    return false
  } finally {
    sqlite.close()
  }
}
