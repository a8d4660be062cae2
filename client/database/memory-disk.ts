import type { AppError } from '#shared/errors.ts'
import type { StoreKey, SyncTable, SyncTables } from '../sync/sync-store.ts'

export type TableName = keyof SyncTables
export type RowOf<Name extends TableName> =
  SyncTables[Name] extends SyncTable<infer Row extends object, infer _> ? Row : never
export type KeyOf<Name extends TableName> = SyncTables[Name] extends SyncTable<infer _, infer Key> ? Key : never

/** Rows by the text of their key. */
export type MemoryTables = { readonly [Name in TableName]: Map<string, RowOf<Name>> }
/** What one transaction wants to do to the rows; undefined deletes one. */
export type Writes = { readonly [Name in TableName]: Map<string, RowOf<Name> | undefined> }

/** What one transaction did to one row. */
export type RowChange = { readonly table: TableName; readonly before: unknown; readonly after: unknown }

/** What is left when everything that uses it is gone: committed rows. */
export type MemoryDisk = {
  tables: MemoryTables
  /** Rows that were put aside. */
  readonly aside: MemoryTables[]
  readonly queue: (() => void)[]
  active: { readonly abort: () => void } | null
  /** Asked before each commit that writes; an error makes it fail. */
  refuse: (writes: Writes) => AppError | null
  /** Hears of each commit. */
  onCommit: (changes: readonly RowChange[]) => void
}

/** How each table finds a row's key. */
export const KEYS: Readonly<Record<TableName, readonly string[] | string>> = {
  conversations: 'id',
  messages: ['conversation_id', 'id'],
  personas: 'id',
  settings: 'id',
  attachments: 'id',
  usage_logs: 'id',
  shadow: ['kind', 'group', 'id'],
  mut: 'n',
  meta: 'key',
  unknown: ['kind', 'id'],
  lost: 'mid',
  unloaded: 'id',
  untold: 'id',
  parcels: 'n',
}
const TABLE_NAMES = Object.keys(KEYS).filter((name): name is TableName => name in KEYS)

export function createMemoryDisk(): MemoryDisk {
  return {
    tables: emptyTables(),
    aside: [],
    queue: [],
    active: null,
    refuse: () => null,
    onCommit: () => undefined,
  }
}

export function wipeDisk(disk: MemoryDisk): void {
  disk.tables = emptyTables()
}

export function putDiskAside(disk: MemoryDisk): void {
  disk.aside.push(disk.tables)
  wipeDisk(disk)
}

/** Committed rows of a table, in the order of their keys. */
export function rowsOf<Name extends TableName>(disk: MemoryDisk, table: Name): readonly RowOf<Name>[] {
  const rows: MemoryTables[Name] = disk.tables[table]
  return [...rows].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row)
}

/** One committed row. */
export function rowAt<Name extends TableName>(disk: MemoryDisk, table: Name, key: StoreKey): RowOf<Name> | undefined {
  const rows: MemoryTables[Name] = disk.tables[table]
  return rows.get(keyText(key))
}

/** Makes writes part of what is there. */
export function commit(disk: MemoryDisk, writes: Writes): void {
  const changes = TABLE_NAMES.flatMap(name => commitTable(disk.tables, writes, name))
  if (changes.length > 0) disk.onCommit(changes)
}

function commitTable<Name extends TableName>(tables: MemoryTables, writes: Writes, table: Name): readonly RowChange[] {
  const stored: MemoryTables[Name] = tables[table]
  const changes: RowChange[] = []
  for (const [key, after] of writes[table]) {
    changes.push({ table, before: stored.get(key), after })
    if (after === undefined) stored.delete(key)
    else stored.set(key, after)
  }
  return changes
}

/** A text that sorts as IndexedDB sorts the key. Numbers here are whole and well within 2^52. */
export function keyText(key: StoreKey): string {
  if (typeof key === 'number') return String(key + 2 ** 52).padStart(17, '0')
  if (typeof key === 'string') return `${key}\u0000`
  return key.map(keyText).join('\u0001')
}

function emptyTables(): MemoryTables {
  return {
    conversations: new Map(),
    messages: new Map(),
    personas: new Map(),
    settings: new Map(),
    attachments: new Map(),
    usage_logs: new Map(),
    shadow: new Map(),
    mut: new Map(),
    meta: new Map(),
    unknown: new Map(),
    lost: new Map(),
    unloaded: new Map(),
    untold: new Map(),
    parcels: new Map(),
  }
}

/** Nothing to write yet. */
export function noWrites(): Writes {
  return emptyTables()
}
