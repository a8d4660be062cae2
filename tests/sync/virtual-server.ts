import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import * as v from 'valibot'
import { AppError } from '#shared/errors.ts'
import { SERVER_RULES, type ServerRules } from '#shared/sync-rules.ts'
import { type FeedRow, parseSyncPage, SYNC_SCHEMA, syncRequestSchema } from '#shared/wire/sync.ts'
import { openDatabase, type Sqlite } from '../../server/database/open-database.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { createWriter, type Writer } from '../../server/database/writer.ts'
import type { Log } from '../../server/log.ts'
import { createProviderHealth } from '../../server/providers/provider-health.ts'
import { createRunEventLog } from '../../server/runs/run-event-log.ts'
import type { RunJournal } from '../../server/runs/run-journal.ts'
import { createRunsService } from '../../server/runs/runs-service.ts'
import { checkHighwater } from '../../server/sync/highwater.ts'
import { currentEpoch, mintEpoch, nonceAt } from '../../server/sync/history-store.ts'
import { createSyncService, renderPage, type SyncReply, type SyncService } from '../../server/sync/sync-service.ts'
import { createBudgetService } from '../../server/usage/budget-service.ts'
import { createFakeProvider, type ProviderBill } from './fake-provider.ts'
import { seededBytes } from './random-source.ts'
import { type Life, schedulerOf, type VirtualTime } from './virtual-time.ts'

/** What a device sends over the virtual network. */
export type VirtualCall =
  | { readonly to: 'sync'; readonly body: string }
  | { readonly to: 'boot' }
  | { readonly to: 'rows'; readonly kind: string; readonly before: string | null }
  | {
      readonly to: 'messages'
      readonly conversations: readonly string[]
      readonly after: readonly [string, string] | null
    }

/** What comes back: a page as text, the boot answer, or a refusal. */
export type VirtualReply =
  | { readonly kind: 'text'; readonly text: string }
  | Exclude<SyncReply, { kind: 'page' }>
  | { readonly kind: 'refused'; readonly error: AppError['detail'] }

/**
 * By the restore command with a policy, or by hand: `noted` where the note of the feed's position still lies beside the database,
 * `unnoted` where it does not.
 */
export type HowRestored = 'merge' | 'replace' | 'noted' | 'unnoted'

/** The real server core over a database in memory. */
export interface VirtualServer {
  readonly bill: ProviderBill
  /** Null while the server is down. */
  answer(call: VirtualCall): VirtualReply | null
  /** Every row, as the feed tells it to a device that knows none. */
  feed(): readonly FeedRow[]
  sqlite(): Sqlite
  writer(): Writer
  epoch(): string
  isUp(): boolean
  /** Power cut: what was not committed is gone, and so is every run that was going on. */
  kill(): void
  /** Starts again on what the disk holds. */
  start(): Promise<void>
  backUp(): Buffer
  /** Puts a copy of the database back. */
  restore(backup: Buffer, how: HowRestored): Promise<void>
  close(): void
  onRev(listener: (at: { readonly epoch: string; readonly rev: number }) => void): void
}

const SILENT_LOG: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const LIST_ROWS = 3

let shared: Sqlite | null = null

/** One connection for all worlds, one after another: making the tables and preparing the statements takes longer than a world lasts. */
function emptyDatabase(): Sqlite {
  shared ??= openDatabase(':memory:')
  const sqlite = shared
  // The ledger of one world is not kept for the next.
  sqlite.exec('DROP TRIGGER IF EXISTS usage_logs_kept')
  sqlite.pragma('foreign_keys = OFF')
  for (const table of TABLES) sqlite.exec(`DELETE FROM ${table}`)
  sqlite.pragma('foreign_keys = ON')
  return sqlite
}

const TABLES = [
  ...['conversations', 'messages', 'messages_fts', 'personas', 'settings', 'attachments', 'runs', 'run_events'],
  ...['cancelled_runs', 'usage_logs', 'devices', 'device_mutations', 'conflicts', 'history', 'epochs', 'meta'],
]

export async function createVirtualServer(
  time: VirtualTime,
  seed: number,
  rules: ServerRules = SERVER_RULES,
): Promise<VirtualServer> {
  const bill: ProviderBill = { calls: new Map(), finished: new Map() }
  const journalled = new Set<string>()
  const randomBytes = seededBytes(seed)
  const listeners: ((at: { epoch: string; rev: number }) => void)[] = []
  let sqlite = emptyDatabase()
  let life: Life = { isAlive: false }
  let core: { writer: Writer; sync: SyncService } | null = null

  const journal: RunJournal = {
    has: runId => journalled.has(runId),
    append: runId => {
      journalled.add(runId)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }

  async function start(how: HowRestored = 'unnoted'): Promise<void> {
    const own: Life = { isAlive: true }
    life = own
    const scheduler = schedulerOf(time, own)
    const clock = { now: time.now }
    const writer = createWriter({ sqlite, clock, randomBytes })
    if (how === 'noted') checkHighwater(writer, NOTE_PATH, SILENT_LOG)
    else if (how !== 'unnoted') writer.write(transaction => mintEpoch(transaction, how))
    const provider = createFakeProvider(bill, scheduler)
    const runs = createRunsService({
      health: createProviderHealth({ clock }),
      budget: createBudgetService({ sqlite: writer.sqlite, clock, listModels: () => [] }),
      writer,
      journal,
      eventLog: createRunEventLog({ writer, scheduler, log: SILENT_LOG }),
      clock,
      scheduler,
      randomBytes,
      log: SILENT_LOG,
      idleTimeoutMs: 120_000,
      answersAtOnce: 4,
      countTokens: texts => Promise.resolve(texts.map(text => text.length)),
      priceCall: () => Promise.resolve({ costNanousd: 0, state: 'reported', version: null, lines: [] }),
      providerOf: model => {
        if (model.startsWith('fake/')) return provider
        throw new AppError('unknown-model', 'There is no such model.')
      },
      findProvider: () => provider,
    })
    const sync = createSyncService({ writer, clock, runs, rules })
    core = { writer, sync }
    writer.onCommit(new AbortController().signal, rev => {
      if (own.isAlive) for (const listener of listeners) listener({ epoch: sync.epoch(), rev })
    })
    await runs.recover()
  }

  function kill(): void {
    life.isAlive = false
    core = null
  }

  function running(): { writer: Writer; sync: SyncService } {
    if (core === null) throw new Error('The server is down')
    return core
  }

  await start()
  return {
    bill,
    answer: call => (core === null ? null : answerWith(core.sync, call)),
    feed: () => readWholeFeed(running().sync),
    sqlite: () => sqlite,
    writer: () => running().writer,
    epoch: () => running().sync.epoch(),
    isUp: () => core !== null,
    kill,
    start: () => start(),
    backUp: () => sqlite.serialize(),
    restore: async (backup, how) => {
      writeFileSync(NOTE_PATH, JSON.stringify(positionOf(sqlite)))
      kill()
      if (sqlite !== shared) sqlite.close()
      sqlite = openCopy(backup)
      await start(how)
    },
    close: () => {
      kill()
      if (sqlite !== shared) sqlite.close()
    },
    onRev: listener => {
      listeners.push(listener)
    },
  }
}

const AUDITOR = '00000000-0000-7000-8000-000000000000'

function readWholeFeed(sync: SyncService): readonly FeedRow[] {
  const request = { v: 1, schema: SYNC_SCHEMA, device: AUDITOR, ack_n: 0, muts: [], limit: 2000 } as const
  const reply = sync.sync(OWNER_USER_ID, { ...request, muts: [], epoch: null, cursor: null })
  const page = reply.kind === 'page' ? parseSyncPage(renderPage(reply)) : null
  if (page === null || page.trailer.more) throw new Error('The feed cannot be read in one page')
  return page.rows
}

/** Where an orderly stop leaves its note. */
const NOTE_PATH = join(tmpdir(), `simulated-highwater-${process.pid}.json`)

function positionOf(sqlite: Sqlite): { readonly epoch: string; readonly rev: number; readonly nonce: string } {
  const rev = sqlite.prepare<[], { rev: number | null }>('SELECT max(last_rev) AS rev FROM history').get()?.rev ?? 0
  return { epoch: currentEpoch(sqlite) ?? '', rev, nonce: nonceAt(sqlite, rev) }
}

function openCopy(database: Buffer): Sqlite {
  const sqlite = new BetterSqlite3(database)
  sqlite.pragma('foreign_keys = ON')
  return sqlite
}

function answerWith(sync: SyncService, call: VirtualCall): VirtualReply {
  try {
    switch (call.to) {
      case 'sync': {
        const reply = sync.sync(OWNER_USER_ID, v.parse(syncRequestSchema, JSON.parse(call.body)))
        return reply.kind === 'page' ? { kind: 'text', text: renderPage(reply) } : reply
      }
      case 'boot':
        return { kind: 'text', text: JSON.stringify(sync.boot(OWNER_USER_ID)) }
      case 'rows': {
        const page = { limit: LIST_ROWS, before: call.before }
        if (!isListed(call.kind)) throw new Error(`No list of ${call.kind}`)
        return { kind: 'text', text: renderPage(sync.rows(OWNER_USER_ID, call.kind, page)) }
      }
      case 'messages':
        return { kind: 'text', text: renderPage(sync.messageRows(OWNER_USER_ID, call)) }
      default:
        return call satisfies never
    }
  } catch (error) {
    if (error instanceof AppError && error.code !== 'internal') return { kind: 'refused', error: error.detail }
    throw error
  }
}

const LISTED = ['conversations', 'personas', 'settings', 'attachments', 'usage_logs'] as const

function isListed(kind: string): kind is (typeof LISTED)[number] {
  return LISTED.some(listed => listed === kind)
}
