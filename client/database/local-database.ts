import { Dexie, type Table } from 'dexie'
import type { SyncRow } from '#shared/sync-row.ts'
import type {
  LostEntry,
  Parcel,
  Shadow,
  StoredMutation,
  SyncMeta,
  SyncTables,
  UnknownRow,
  Unloaded,
  Untold,
} from '../sync/sync-store.ts'
import type { ImportRow } from '../transfer/import-record.ts'

/** What somebody has typed and not sent. */
export type Draft = {
  /** `new` for the chat that has not begun. */
  readonly conversation_id: string
  readonly text: string
  readonly updated_at: number
}

/** Names this one database: when the browser throws it away and makes another, that has another name. */
type Install = { readonly key: 'install'; readonly id: string }

/** Bytes that stand for nothing, and can be let go when there is no room for something. */
type Ballast = { readonly key: 'ballast'; readonly bytes: Uint8Array }

/** What one step of a transaction did to chats and messages, for what follows the database from outside: the search index. */
export type LoggedChange = {
  /** Given by the database, counting up. */
  readonly n?: number
  /** Written or deleted. */
  readonly messages: readonly (readonly [conversationId: string, id: string])[]
  readonly conversations: readonly string[]
  /** All messages of the conversations from one id to another were deleted. */
  readonly emptied: readonly (readonly [from: string, to: string])[]
}

/** The name of the database of this origin. */
export const DATABASE_NAME = 'llmr'

/** The tables of the sync store. */
export const SYNC_TABLES: readonly (keyof SyncTables)[] = [
  'conversations',
  'messages',
  'personas',
  'settings',
  'attachments',
  'usage_logs',
  'shadow',
  'mut',
  'meta',
  'unknown',
  'lost',
  'unloaded',
  'untold',
  'parcels',
]

/**
 * Primary key, then indexes. A row is in an index only while it has a value there that is a number or a text: `pinned_at` and
 * `deleted_at` cost nothing for the many rows in which they are null.
 */
const VERSION_1 = {
  conversations: 'id, updated_at, pinned_at, deleted_at',
  messages: '[conversation_id+id]',
  personas: 'id',
  settings: 'id',
  attachments: 'id',
  usage_logs: 'id, timestamp, conversation_id',
  shadow: '[kind+group+id]',
  mut: 'n',
  meta: 'key',
  unknown: '[kind+id]',
  lost: 'mid',
  unloaded: 'id',
  drafts: 'conversation_id',
  install: 'key',
  ballast: 'key',
}

/** Prompts are found among mutations without reading the others: an import leaves tens of thousands of them. */
const VERSION_2 = {
  mut: 'n, body.op',
  imports: '[id+part]',
}
/** The log that the search index follows; see `change-log.ts`. */
const VERSION_3 = { changes: '++n' }
/** The archive is counted without reading the chats that are not in it. */
const VERSION_4 = { conversations: 'id, updated_at, pinned_at, deleted_at, archived_at' }
/** What was brought in goes into the log bit by bit. */
const VERSION_5 = { untold: 'id' }
/** What is on its way of it. */
const VERSION_6 = { parcels: 'n' }

/**
 * Everything this device keeps, for live queries to read. Rows and the mutation log are written through the sync store alone
 * (`createDexieSyncStore`); only `drafts` and `imports` may be written directly. A later version adds tables, fields and indexes and takes
 * none away, so that an older page that is still open goes on working.
 */
export class LocalDatabase extends Dexie {
  /** Tombstones too: they have nothing but `id`, `rev` and `purged`, and so stand in no index. */
  readonly conversations: Table<SyncRow, string>
  /** One chat is one range: `where('[conversation_id+id]').between([id, Dexie.minKey], [id, Dexie.maxKey])`. */
  readonly messages: Table<SyncRow, [string, string]>
  readonly personas: Table<SyncRow, string>
  readonly settings: Table<SyncRow, string>
  readonly attachments: Table<SyncRow, string>
  readonly usage_logs: Table<SyncRow, string>
  readonly shadow: Table<Shadow, [string, string, string]>
  readonly mut: Table<StoredMutation, number>
  readonly meta: Table<SyncMeta, string>
  readonly unknown: Table<UnknownRow, [string, string]>
  readonly lost: Table<LostEntry, string>
  readonly unloaded: Table<Unloaded, string>
  readonly untold: Table<Untold, string>
  readonly parcels: Table<Parcel, number>
  readonly drafts: Table<Draft, string>
  /** Written when the database is made. */
  readonly install: Table<Install, string>
  readonly ballast: Table<Ballast, string>
  /** What was brought in on this device, so that it can be taken back. */
  readonly imports: Table<ImportRow, [string, number]>
  readonly changes: Table<LoggedChange, number>

  constructor(name: string) {
    // The cache answers from memory what a raw transaction may have changed meanwhile.
    super(name, { cache: 'disabled' })
    this.version(1).stores(VERSION_1)
    this.version(2).stores(VERSION_2)
    this.version(3).stores(VERSION_3)
    this.version(4).stores(VERSION_4)
    this.version(5).stores(VERSION_5)
    this.version(6).stores(VERSION_6)
    this.conversations = this.table('conversations')
    this.messages = this.table('messages')
    this.personas = this.table('personas')
    this.settings = this.table('settings')
    this.attachments = this.table('attachments')
    this.usage_logs = this.table('usage_logs')
    this.shadow = this.table('shadow')
    this.mut = this.table('mut')
    this.meta = this.table('meta')
    this.unknown = this.table('unknown')
    this.lost = this.table('lost')
    this.unloaded = this.table('unloaded')
    this.untold = this.table('untold')
    this.parcels = this.table('parcels')
    this.drafts = this.table('drafts')
    this.install = this.table('install')
    this.ballast = this.table('ballast')
    this.imports = this.table('imports')
    this.changes = this.table('changes')
  }
}
