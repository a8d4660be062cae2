import type { StoredMutation, StoreKey, SyncMeta, SyncTable, SyncTables, TransactionMode } from '../sync/sync-store.ts'
import type { Announce } from './calm-announcer.ts'
import { createChangeLog } from './change-log.ts'
import { type LocalDatabase, SYNC_TABLES } from './local-database.ts'
import { createRawTable, type RawTableOptions, resultOf } from './raw-table.ts'
import { storeError } from './store-errors.ts'
import { createTouchedRows, type TouchedRows } from './touched-rows.ts'

export type RawWork<Result> = {
  readonly mode: TransactionMode
  readonly work: (tables: SyncTables) => Promise<Result>
  /** Hears what was written once it is committed. */
  readonly announce: Announce
}

export type RawTransaction<Result> = {
  readonly result: Promise<Result>
  /** False as long as the database has not answered anything: then nothing can have been written. */
  readonly isAnswered: () => boolean
}

/** Runs `work` in one transaction of this connection. Throws at once when the connection is closed. */
export function runRawTransaction<Result>(
  database: LocalDatabase,
  connection: IDBDatabase,
  { mode, work, announce }: RawWork<Result>,
): RawTransaction<Result> {
  const isWrite = mode !== 'read'
  // Always all tables: a step of the engine finds out on its way which it needs.
  const transaction = connection.transaction([...SYNC_TABLES, 'changes'], isWrite ? 'readwrite' : 'readonly', {
    durability: mode === 'durable-write' ? 'strict' : 'relaxed',
  })
  const touched = createTouchedRows(database, announce)
  let isAnswered = false
  let isOver = false
  const end = endOf(transaction, () => {
    isOver = true
  })
  // Also when the work failed: what awaited something else is committed and there all the same.
  transaction.addEventListener('complete', touched.announce)
  const tables = createTables({
    transaction,
    touched,
    changes: createChangeLog(transaction),
    onAnswer: () => {
      isAnswered = true
    },
  })

  async function rollBack(cause: unknown): Promise<never> {
    if (!isOver) transaction.abort()
    throw cause
  }

  async function run(): Promise<Result> {
    const [answer, commit] = await Promise.allSettled([work(tables).catch(rollBack), end])
    if (answer.status === 'fulfilled' && commit.status === 'fulfilled') return answer.value
    const cause = answer.status === 'rejected' ? answer.reason : commit.status === 'rejected' ? commit.reason : null
    const browserCause = cause instanceof DOMException ? (transaction.error ?? cause) : cause
    throw storeError(browserCause, { isWrite, isConnected: isConnected(connection) })
  }

  return { result: run(), isAnswered: () => isAnswered }
}

/** False once the browser has closed the connection, which it tells its owner only later. */
function isConnected(connection: IDBDatabase): boolean {
  try {
    connection.transaction('meta', 'readonly').abort()
    return true
  } catch (error) {
    if (error instanceof DOMException) return false
    throw error
  }
}

function endOf(transaction: IDBTransaction, onEnd: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => {
      onEnd()
      resolve()
    })
    transaction.addEventListener('abort', () => {
      onEnd()
      reject(transaction.error ?? new DOMException('The transaction was rolled back.', 'AbortError'))
    })
  })
}

async function readPrompts({
  transaction,
  onAnswer,
}: Omit<RawTableOptions, 'name'>): Promise<readonly StoredMutation[]> {
  const found = await resultOf<StoredMutation[]>(transaction.objectStore('mut').index('body.op').getAll('run.start'))
  onAnswer()
  return found
}

const UNTOUCHED: TouchedRows = { key: () => undefined, range: () => undefined, announce: () => undefined }

/**
 * Each exchange with the server moves numbers that no page shows. The list and the chat on the screen look into this record too,
 * and would be read anew each time: they hear only of what they look at.
 */
function createMetaTable(options: Omit<RawTableOptions, 'name'>): SyncTable<SyncMeta, string> {
  const loud = createRawTable<SyncMeta, string>({ ...options, name: 'meta' })
  const quiet = createRawTable<SyncMeta, string>({ ...options, name: 'meta', touched: UNTOUCHED })
  let known: SyncMeta | undefined
  return {
    ...loud,
    get: async key => {
      known = await loud.get(key)
      return known
    },
    put: meta => {
      const isSeen = known?.device !== meta.device || known.first_load.phase !== meta.first_load.phase
      known = meta
      return (isSeen ? loud : quiet).put(meta)
    },
  }
}

function createTables(options: Omit<RawTableOptions, 'name'>): SyncTables {
  const table = <Row extends object, Key extends StoreKey>(name: keyof SyncTables): SyncTable<Row, Key> =>
    createRawTable<Row, Key>({ ...options, name })
  return {
    conversations: table('conversations'),
    messages: table('messages'),
    personas: table('personas'),
    settings: table('settings'),
    attachments: table('attachments'),
    usage_logs: table('usage_logs'),
    shadow: table('shadow'),
    mut: { ...table('mut'), prompts: () => readPrompts(options) },
    meta: createMetaTable(options),
    unknown: table('unknown'),
    lost: table('lost'),
    unloaded: table('unloaded'),
    untold: table('untold'),
    parcels: table('parcels'),
  }
}
