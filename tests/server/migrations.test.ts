import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MIGRATIONS } from '../../server/database/migrations.ts'
import { openDatabase, type Sqlite } from '../../server/database/open-database.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  path = join(folder, 'llm-router.db')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const HEAD = MIGRATIONS.at(-1)?.version ?? 0

type Row = Readonly<Record<string, unknown>>
type Column = { readonly name: string; readonly type: string; readonly notnull: number; readonly dflt_value: unknown }

/** Tables of our own: not SQLite's, and not the parts of the full-text index. */
function tablesOf(sqlite: Sqlite): string[] {
  return sqlite
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' ORDER BY name",
    )
    .pluck()
    .all()
}

/** Puts two rows into each table, every column filled with what its type and name ask for; returns all that was put in. */
function fill(sqlite: Sqlite): ReadonlyMap<string, readonly Row[]> {
  sqlite.pragma('foreign_keys = OFF')
  for (const table of tablesOf(sqlite)) {
    const columns = sqlite
      .prepare<[], Column>(`SELECT name, type, "notnull", dflt_value FROM pragma_table_info('${table}')`)
      .all()
    const insert = sqlite.prepare(
      `INSERT INTO "${table}" (${columns.map(({ name }) => name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    )
    for (const number of [1, 2]) insert.run(...columns.map(column => sampleOf(column, number)))
  }
  sqlite.pragma('foreign_keys = ON')
  return rowsOf(sqlite)
}

function sampleOf({ name, type }: Column, number: number): unknown {
  if (type === 'INTEGER') return name === 'user_id' ? 1 : number
  // Ids and what refers to them meet, so that every reference holds.
  if (/(^|_)id$/.test(name)) return `01a20000-0000-7000-8000-00000000000${number}`
  return /^(at|params|request)$/.test(name)
    ? '{}'
    : /^(tags|attachments|citations)$/.test(name)
      ? '[]'
      : `${name} ${number}`
}

function rowsOf(sqlite: Sqlite): ReadonlyMap<string, readonly Row[]> {
  return new Map(tablesOf(sqlite).map(table => [table, sqlite.prepare<[], Row>(`SELECT * FROM "${table}"`).all()]))
}

describe('the list of migrations', () => {
  test('counts up from 1 without a gap', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })

  test('gives every table a user, except those that belong to a row or to the file itself', () => {
    const sqlite = openDatabase(path)
    const without = tablesOf(sqlite).filter(
      table => !sqlite.prepare(`SELECT 1 FROM pragma_table_info('${table}') WHERE name = 'user_id'`).get(),
    )
    sqlite.close()

    const OF_NO_USER = ['device_mutations', 'epochs', 'history', 'meta', 'run_events']
    expect(without.filter(table => !OF_NO_USER.includes(table))).toEqual([])
  })
})

describe.each(MIGRATIONS.map(({ version }) => version))('a database of version %i', version => {
  test('opens at the newest version with every row it had', () => {
    const old = openDatabase(path, { migrations: MIGRATIONS.slice(0, version) })
    const before = fill(old)
    old.close()

    const sqlite = openDatabase(path)

    const after = rowsOf(sqlite)
    expect(sqlite.pragma('user_version', { simple: true })).toBe(HEAD)
    for (const [table, rows] of before) {
      expect(
        after.get(table)?.map((row, index) => ({ ...row, ...rows[index] })),
        table,
      ).toEqual(after.get(table))
      expect(after.get(table)).toHaveLength(2)
    }
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(sqlite.pragma('foreign_key_check')).toEqual([])
    sqlite.close()
  })

  test('has the same tables, indexes and triggers in the end as a new one', () => {
    openDatabase(path, { migrations: MIGRATIONS.slice(0, version) }).close()
    const shape = (sqlite: Sqlite) => {
      const shown = sqlite.prepare('SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name').all()
      const columns = tablesOf(sqlite).map(table =>
        sqlite.prepare(`SELECT * FROM pragma_table_info('${table}') ORDER BY name`).all(),
      )
      sqlite.close()
      return { shown, columns: columns.map(rows => rows.map(row => ({ ...Object(row), cid: 0 }))) }
    }

    expect(shape(openDatabase(path))).toEqual(shape(openDatabase(join(folder, 'new.db'))))
  })

  test('is brought up once: opening it again runs nothing', () => {
    openDatabase(path, { migrations: MIGRATIONS.slice(0, version) }).close()
    const [first, second] = [1, 2].map(() => {
      const sqlite = openDatabase(path)
      const changes = sqlite.pragma('schema_version', { simple: true })
      sqlite.close()
      return changes
    })

    expect(second).toBe(first)
  })
})

test('a migration that fails half-way leaves the database at the version before', () => {
  openDatabase(path).close()
  const broken = { version: HEAD + 1, sql: 'CREATE TABLE extra (id TEXT); INSERT INTO nowhere VALUES (1);' }

  expect(() => openDatabase(path, { migrations: [...MIGRATIONS, broken] })).toThrow('no such table: nowhere')

  const sqlite = openDatabase(path)
  expect(sqlite.pragma('user_version', { simple: true })).toBe(HEAD)
  expect(tablesOf(sqlite)).not.toContain('extra')
  sqlite.close()
})

test('a later migration runs alone, on the data that stands', () => {
  const old = openDatabase(path)
  old.prepare("INSERT INTO meta (key, value) VALUES ('kept', 'yes')").run()
  old.close()
  const next = { version: HEAD + 1, sql: 'ALTER TABLE meta ADD COLUMN note TEXT' }

  const sqlite = openDatabase(path, { migrations: [...MIGRATIONS, next] })

  expect(sqlite.prepare("SELECT * FROM meta WHERE key = 'kept'").get()).toEqual({
    key: 'kept',
    value: 'yes',
    note: null,
  })
  sqlite.close()
})

test('a database of a newer program is refused in a sentence, and stays as it was', () => {
  const newer = openDatabase(path)
  newer.pragma(`user_version = ${HEAD + 1}`)
  newer.close()

  expect(() => openDatabase(path)).toThrow(
    `The database is at version ${HEAD + 1}, this program knows up to ${HEAD}. Start the newer program again, or restore a backup made before it.`,
  )

  const sqlite = new BetterSqlite3(path)
  expect(sqlite.pragma('user_version', { simple: true })).toBe(HEAD + 1)
  sqlite.close()
})

describe('an open database', () => {
  test('keeps what it has acknowledged, and its references', () => {
    const sqlite = openDatabase(path)
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema'].map(name => [
      name,
      sqlite.pragma(name, { simple: true }),
    ])

    expect(Object.fromEntries(settings)).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      foreign_keys: 1,
      trusted_schema: 0,
    })
    sqlite.close()
  })

  test('refuses a message without its conversation', () => {
    const sqlite = openDatabase(path)

    expect(() =>
      sqlite
        .prepare(
          "INSERT INTO messages (id, user_id, rev, conversation_id, role, content, status, created_at) VALUES ('m', 1, 1, 'nowhere', 'user', '', 'complete', 1)",
        )
        .run(),
    ).toThrow('FOREIGN KEY constraint failed')
    sqlite.close()
  })

  test('refuses to change, delete or replace a line of the ledger, and a second line of one attempt', () => {
    const sqlite = openDatabase(path)
    const [row] = fill(sqlite).get('usage_logs') ?? []

    expect(() => sqlite.prepare('UPDATE usage_logs SET cost_nanousd = 0').run()).toThrow('the ledger is immutable')
    expect(() => sqlite.prepare('DELETE FROM usage_logs').run()).toThrow('the ledger is immutable')
    expect(() => sqlite.prepare('REPLACE INTO usage_logs SELECT * FROM usage_logs').run()).toThrow(
      'the ledger is immutable',
    )
    expect(() =>
      sqlite
        .prepare(
          `INSERT INTO usage_logs (${Object.keys(row ?? {}).join(', ')}) VALUES (${Object.keys(row ?? {})
            .map(() => '?')
            .join(', ')})`,
        )
        .run(...Object.values({ ...row, id: 'another' })),
    ).toThrow('UNIQUE constraint failed: usage_logs.run_id, usage_logs.attempt')
    expect(sqlite.prepare('SELECT * FROM usage_logs').all()).toHaveLength(2)
    sqlite.close()
  })
})
