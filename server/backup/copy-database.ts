import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '#shared/errors.ts'
import { MIGRATIONS } from '../database/migrations.ts'

/** All pages in one step: a copy in pieces would begin anew whenever a running server writes between two of them. */
const ALL_PAGES = 0x7fffffff

/**
 * Copies a database, be it in use, to one file that is whole, checked and on the disk. What stood at `target` is gone. Throws
 * AppError `bad-request` when the source is none of this program's databases, or is damaged.
 */
export async function copyDatabase(source: string, target: string): Promise<void> {
  removeDatabase(target)
  const sqlite = openForReading(source)
  try {
    await sqlite.backup(target, { progress: () => ALL_PAGES })
  } finally {
    sqlite.close()
  }
  const copy = new BetterSqlite3(target)
  try {
    // One file, without a log beside it that could be forgotten.
    copy.pragma('journal_mode = DELETE')
    refuseDamage(copy, source)
  } finally {
    copy.close()
  }
  flushToDisk(target)
}

/** Removes a database file and what SQLite keeps beside it. */
export function removeDatabase(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${ending}`, { force: true })
}

/** Waits until a file, or a folder's list of names, is on the disk. */
export function flushToDisk(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function openForReading(path: string): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(path, { readonly: true, fileMustExist: true })
  } catch (cause) {
    throw new AppError('not-found', `There is no database at ${path}.`, { cause })
  }
}

function refuseDamage(copy: BetterSqlite3.Database, source: string): void {
  const version = Number(copy.pragma('user_version', { simple: true }))
  const newest = MIGRATIONS.at(-1)?.version ?? 0
  if (version < 1) throw new AppError('bad-request', `${source} is not a database of this program.`)
  if (version > newest) {
    throw new AppError(
      'bad-request',
      `${source} is of a newer version of this program. Bring the program up to date first.`,
    )
  }
  if (copy.pragma('integrity_check', { simple: true }) !== 'ok') {
    throw new AppError('bad-request', `${source} is damaged. Take another backup.`)
  }
}
