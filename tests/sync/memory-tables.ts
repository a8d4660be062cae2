import { AppError } from '#shared/errors.ts'
import type { KeyRange, StoredMutation, StoreKey, SyncTable, SyncTables } from '../../client/sync/sync-store.ts'
import { KEYS, keyText, type MemoryDisk, type Rows, TABLE_NAMES, type TableName } from './memory-disk.ts'

/** How a transaction lets its tables work. */
export type Access = {
  readonly request: <Answer>(answer: () => Answer) => Promise<Answer>
  readonly isReadOnly: boolean
}

export function createTables(disk: MemoryDisk, writes: Map<TableName, Rows>, access: Access): SyncTables {
  // One implementation serves all tables; only the interface knows which rows are in which. Each is made when it is first asked for.
  const tables = {}
  for (const name of TABLE_NAMES) {
    let table: unknown = null
    const get = (): unknown => {
      table ??= name === 'mut' ? createLog(disk, writes, access) : createTable(disk, writes, { name, access })
      return table
    }
    Object.defineProperty(tables, name, { get })
  }
  return tables as SyncTables
}

function createLog(disk: MemoryDisk, writes: Map<TableName, Rows>, access: Access): SyncTables['mut'] {
  const mut = createTable(disk, writes, { name: 'mut', access }) as SyncTable<StoredMutation, number>
  return { ...mut, prompts: async () => (await mut.range({})).filter(({ body }) => body.op === 'run.start') }
}

function createTable(
  disk: MemoryDisk,
  writes: Map<TableName, Rows>,
  { name, access }: { readonly name: TableName; readonly access: Access },
): SyncTable<unknown, StoreKey> {
  const { request } = access
  const stored = (): Rows => disk.tables.get(name) ?? new Map()
  const read = (key: string): unknown => {
    const written = writes.get(name)
    return written?.has(key) ? written.get(key) : stored().get(key)
  }
  const write = (key: string, row: unknown): void => {
    if (access.isReadOnly) throw new AppError('internal', 'A read transaction does not write.')
    const written = writes.get(name) ?? new Map<string, unknown>()
    writes.set(name, written.set(key, row))
  }
  const keysIn = (range: KeyRange<StoreKey>): string[] => {
    const after = range.after === undefined ? null : keyText(range.after)
    const upTo = range.upTo === undefined ? null : keyText(range.upTo)
    const keys = new Set([...stored().keys(), ...(writes.get(name)?.keys() ?? [])])
    return [...keys]
      .filter(key => (after === null || key > after) && (upTo === null || key <= upTo) && read(key) !== undefined)
      .sort()
  }
  return {
    get: key => request(() => read(keyText(key))),
    getMany: keys => request(() => keys.map(key => read(keyText(key)))),
    put: row => request(() => write(keyOf(name, row), row)),
    putMany: rows =>
      request(() => {
        for (const row of rows) write(keyOf(name, row), row)
      }),
    delete: keys =>
      request(() => {
        for (const key of keys) write(keyText(key), undefined)
      }),
    deleteRange: range =>
      request(() => {
        for (const key of keysIn(range)) write(key, undefined)
      }),
    range: ({ limit, ...range }) => request(() => keysIn(range).slice(0, limit).map(read)),
    count: range => request(() => keysIn(range ?? {}).length),
  }
}

function keyOf(name: TableName, row: unknown): string {
  const path = KEYS[name]
  const field = (part: string): StoreKey => {
    const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, part) : undefined
    if (typeof value === 'string' || typeof value === 'number') return value
    throw new AppError('internal', `A row of ${name} has no ${part} to be found by.`)
  }
  return keyText(typeof path === 'string' ? field(path) : path.map(field))
}
