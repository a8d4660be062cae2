import type { Statement } from 'better-sqlite3'
import type { Insertable, Updateable } from 'kysely'
import type { Sqlite } from './open-database.ts'
import type { Schema } from './schema.ts'

const statements = new WeakMap<Sqlite, Map<string, Statement<unknown[], unknown>>>()

/** Inserts a row and returns its rowid. On the way of every prompt, where building the SQL would cost more than running it. */
export function insertRow<Table extends keyof Schema>(
  sqlite: Sqlite,
  table: Table,
  row: Insertable<Schema[Table]>,
): number {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined)
  const columns = entries.map(([column]) => `"${column}"`).join(', ')
  const text = `INSERT INTO ${table} (${columns}) VALUES (${entries.map(() => '?').join(', ')})`
  return Number(prepare(sqlite, text).run(...entries.map(([, value]) => value)).lastInsertRowid)
}

/** Changes columns of the row with this id where `condition` holds (SQL of ours); returns how many rows it changed. */
export function updateRow<Table extends keyof Schema>(
  sqlite: Sqlite,
  table: Table,
  target: { readonly id: string; readonly condition: string },
  values: Updateable<Schema[Table]>,
): number {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  const text = `UPDATE ${table} SET ${entries.map(([column]) => `"${column}" = ?`).join(', ')} WHERE id = ? AND ${target.condition}`
  return prepare(sqlite, text).run(...entries.map(([, value]) => value), target.id).changes
}

/** A prepared statement for hot paths, made once for each text and connection. */
export function prepare<Row>(sqlite: Sqlite, text: string): Statement<unknown[], Row> {
  let cache = statements.get(sqlite)
  if (!cache) {
    cache = new Map()
    statements.set(sqlite, cache)
  }
  let statement = cache.get(text)
  if (!statement) {
    statement = sqlite.prepare<unknown[], unknown>(text)
    cache.set(text, statement)
  }
  // The row's shape is what Kysely derived from the schema for this very text.
  return statement as Statement<unknown[], Row>
}
