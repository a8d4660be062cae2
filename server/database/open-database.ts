import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '#shared/errors.ts'
import { MIGRATIONS, type Migration } from './migrations.ts'

export type Sqlite = BetterSqlite3.Database

type OpenOptions = { readonly migrations?: readonly Migration[] }

/**
 * Opens the database file (or `:memory:`) and brings it to the newest version.
 * Throws AppError `internal` when the file was written by a newer version of the product.
 */
export function openDatabase(path: string, options: OpenOptions = {}): Sqlite {
  const sqlite = new BetterSqlite3(path)
  sqlite.pragma('journal_mode = WAL')
  // FULL, for NORMAL may roll back acknowledged commits when the power goes, and a Pi loses power (sqlite.org/pragma.html#pragma_synchronous).
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('trusted_schema = OFF')
  // Without it, a REPLACE deletes what it replaces and asks no trigger (sqlite.org/lang_conflict.html).
  sqlite.pragma('recursive_triggers = ON')
  sqlite.pragma('busy_timeout = 5000')
  migrate(sqlite, options.migrations ?? MIGRATIONS)
  return sqlite
}

function migrate(sqlite: Sqlite, migrations: readonly Migration[]): void {
  const current = Number(sqlite.pragma('user_version', { simple: true }))
  const newest = migrations.at(-1)?.version ?? 0
  if (current > newest) {
    sqlite.close()
    throw new AppError(
      'internal',
      `The database is at version ${current}, this program knows up to ${newest}. Start the newer program again, or restore a backup made before it.`,
    )
  }
  const missing = migrations.filter(({ version }) => version > current)
  if (missing.length === 0) return
  // All of them or none, and one wait for the disk.
  sqlite.transaction(() => {
    for (const { sql } of missing) sqlite.exec(sql)
    sqlite.pragma(`user_version = ${newest}`)
  })()
}
