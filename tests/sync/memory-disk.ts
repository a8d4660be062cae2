import type { StoreKey, SyncTables } from '../../client/sync/sync-store.ts'

/** How each table finds a row's key. */
export const KEYS: Readonly<Record<keyof SyncTables, readonly string[] | string>> = {
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
}
export type TableName = keyof SyncTables
export const TABLE_NAMES = Object.keys(KEYS).filter((name): name is TableName => name in KEYS)

export type Rows = Map<string, unknown>

/** What one transaction did to one row. */
export type RowChange = { readonly table: TableName; readonly before: unknown; readonly after: unknown }

/** What is left when everything that runs is gone: the committed rows of one browser profile. */
export type MemoryDisk = {
  tables: Map<TableName, Rows>
  /** Databases that were put aside. */
  readonly aside: Map<TableName, Rows>[]
  /** Makes every commit fail that writes. */
  fault: 'none' | 'full' | 'lost'
  readonly queue: (() => void)[]
  active: { readonly abort: () => void } | null
  /** Hears of each commit. */
  onCommit: (changes: readonly RowChange[]) => void
}

export function createMemoryDisk(): MemoryDisk {
  return { tables: emptyTables(), aside: [], fault: 'none', queue: [], active: null, onCommit: () => undefined }
}

/** A second disk with the same content, as a phone's backup makes one. */
export function copyDisk(disk: MemoryDisk): MemoryDisk {
  return { ...createMemoryDisk(), tables: new Map([...disk.tables].map(([name, rows]) => [name, new Map(rows)])) }
}

export function wipeDisk(disk: MemoryDisk): void {
  disk.tables = emptyTables()
}

/** Committed rows of a table, in the order of their keys. */
export function rowsOf(disk: MemoryDisk, table: TableName): readonly unknown[] {
  const rows = disk.tables.get(table) ?? new Map()
  return [...rows.keys()].sort().map(key => rows.get(key))
}

/** One committed row by a key that is one text. */
export function rowAt(disk: MemoryDisk, table: TableName, key: string): unknown {
  return disk.tables.get(table)?.get(keyText(key))
}

export function putDiskAside(disk: MemoryDisk): void {
  disk.aside.push(disk.tables)
  wipeDisk(disk)
}

/** Makes writes part of what is there; undefined deletes a row. */
export function commit(disk: MemoryDisk, writes: ReadonlyMap<TableName, Rows>): void {
  const changes: RowChange[] = []
  for (const [table, rows] of writes) {
    const stored = disk.tables.get(table) ?? new Map<string, unknown>()
    for (const [key, after] of rows) {
      changes.push({ table, before: stored.get(key), after })
      if (after === undefined) stored.delete(key)
      else stored.set(key, after)
    }
  }
  if (changes.length > 0) disk.onCommit(changes)
}

/** A text that sorts as IndexedDB sorts the key. Numbers here are whole and well within 2^52. */
export function keyText(key: StoreKey): string {
  if (typeof key === 'number') return String(key + 2 ** 52).padStart(17, '0')
  if (typeof key === 'string') return `${key}\u0000`
  return key.map(keyText).join('\u0001')
}

function emptyTables(): Map<TableName, Rows> {
  return new Map(TABLE_NAMES.map(name => [name, new Map()]))
}
