import { createHash } from 'node:crypto'
import BetterSqlite3 from 'better-sqlite3'

/** A hash over every row of every table of a database file, read beside the server that has it open. */
export function contentHash(databasePath: string): string {
  const sqlite = new BetterSqlite3(databasePath, { readonly: true })
  try {
    const hash = createHash('sha256')
    const tables = sqlite
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .pluck()
      .all()
    for (const table of tables) {
      hash.update(`\n${table}\n`)
      // Shadow tables of the full-text index hold blobs, which JSON shows as byte lists.
      const rows = sqlite.prepare(`SELECT * FROM "${table}"`).raw().all()
      hash.update(
        rows
          .map(row => JSON.stringify(row))
          .sort()
          .join('\n'),
      )
    }
    return hash.digest('hex')
  } finally {
    sqlite.close()
  }
}
