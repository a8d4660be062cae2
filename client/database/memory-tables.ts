import { AppError } from '#shared/errors.ts'
import type { KeyRange, StoreKey, SyncTable, SyncTables } from '../sync/sync-store.ts'
import {
  KEYS,
  type KeyOf,
  keyText,
  type MemoryDisk,
  type MemoryTables,
  type RowOf,
  type TableName,
  type Writes,
} from './memory-disk.ts'
import { keyOfRow } from './store-keys.ts'

/** How a transaction lets its tables work. */
export type Access = {
  readonly request: <Answer>(answer: () => Answer) => Promise<Answer>
  readonly isReadOnly: boolean
}

/** The tables as one transaction sees them: what is committed, under what it has written itself. */
export function createMemoryTables(disk: MemoryDisk, writes: Writes, access: Access): SyncTables {
  const table = <Name extends TableName>(name: Name): SyncTable<RowOf<Name>, KeyOf<Name> & StoreKey> =>
    createTable(disk, writes, { name, access })
  const log = table('mut')
  return {
    conversations: table('conversations'),
    messages: table('messages'),
    personas: table('personas'),
    settings: table('settings'),
    attachments: table('attachments'),
    usage_logs: table('usage_logs'),
    shadow: table('shadow'),
    mut: { ...log, prompts: async () => (await log.range({})).filter(({ body }) => body.op === 'run.start') },
    meta: table('meta'),
    unknown: table('unknown'),
    lost: table('lost'),
    unloaded: table('unloaded'),
    untold: table('untold'),
    parcels: table('parcels'),
  }
}

function createTable<Name extends TableName>(
  disk: MemoryDisk,
  writes: Writes,
  { name, access }: { readonly name: Name; readonly access: Access },
): SyncTable<RowOf<Name>, StoreKey> {
  const { request } = access
  const written: Writes[Name] = writes[name]
  const stored = (): MemoryTables[Name] => disk.tables[name]
  const read = (key: string): RowOf<Name> | undefined => (written.has(key) ? written.get(key) : stored().get(key))
  const write = (key: string, row: RowOf<Name> | undefined): void => {
    if (access.isReadOnly) throw new AppError('internal', 'A read transaction does not write.')
    written.set(key, row)
  }
  const putOne = (row: RowOf<Name>): void => write(keyText(keyOfRow(row, KEYS[name])), row)
  const remove = (keys: readonly string[]): void => {
    for (const key of keys) write(key, undefined)
  }
  const keysIn = (range: KeyRange<StoreKey>): string[] => {
    const after = range.after === undefined ? null : keyText(range.after)
    const upTo = range.upTo === undefined ? null : keyText(range.upTo)
    const keys = new Set([...stored().keys(), ...written.keys()])
    return [...keys]
      .filter(key => (after === null || key > after) && (upTo === null || key <= upTo) && read(key) !== undefined)
      .sort()
  }
  const putMany = (rows: readonly RowOf<Name>[]): Promise<void> =>
    request(() => {
      for (const row of rows) putOne(row)
    })
  return {
    get: key => request(() => read(keyText(key))),
    getMany: keys => request(() => keys.map(key => read(keyText(key)))),
    put: row => request(() => putOne(row)),
    putMany,
    putQuietly: putMany,
    delete: keys => request(() => remove(keys.map(keyText))),
    deleteRange: range => request(() => remove(keysIn(range))),
    range: ({ limit, ...range }) =>
      request(() =>
        keysIn(range)
          .slice(0, limit)
          .flatMap(key => read(key) ?? []),
      ),
    count: range => request(() => keysIn(range ?? {}).length),
  }
}
