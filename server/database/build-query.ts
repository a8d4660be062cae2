import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Sqlite } from './open-database.ts'
import { prepare } from './query.ts'
import type { Schema } from './schema.ts'

/**
 * Builds a query whose shape depends on what is asked for, and runs none: a transaction here is one synchronous block of
 * better-sqlite3, and Kysely's own executor is asynchronous. Kysely is half the modules of the server and a quarter of its
 * memory, so this file is imported by what is loaded on demand; a query of one shape is a text for `prepare`.
 */
export const sql = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: database => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** All rows of a built query. */
export function all<Row>(sqlite: Sqlite, query: Compilable<Row>): Row[] {
  const { sql: text, parameters } = query.compile()
  return prepare<Row>(sqlite, text).all(...parameters)
}
