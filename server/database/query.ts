import type { Statement } from 'better-sqlite3'
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Sqlite } from './open-database.ts'
import type { Schema } from './schema.ts'

/**
 * Builds SQL and runs none: a transaction here is one synchronous block of better-sqlite3,
 * and Kysely's own executor is asynchronous.
 */
export const sql = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: database => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

const statements = new WeakMap<Sqlite, Map<string, Statement<unknown[], unknown>>>()

/** All rows of a built query. */
export function all<Row>(sqlite: Sqlite, query: Compilable<Row>): Row[] {
  const { sql: text, parameters } = query.compile()
  return prepare<Row>(sqlite, text).all(...parameters)
}

/** The first row of a built query, or undefined. */
export function first<Row>(sqlite: Sqlite, query: Compilable<Row>): Row | undefined {
  const { sql: text, parameters } = query.compile()
  return prepare<Row>(sqlite, text).get(...parameters)
}

/** Runs a built statement; returns how many rows it changed and the last rowid. */
export function run(sqlite: Sqlite, query: Compilable): { readonly changes: number; readonly lastRowid: number } {
  const { sql: text, parameters } = query.compile()
  const result = prepare(sqlite, text).run(...parameters)
  return { changes: result.changes, lastRowid: Number(result.lastInsertRowid) }
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
