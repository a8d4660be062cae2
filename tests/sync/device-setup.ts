import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import type { FeedRow, SyncRequest, SyncTrailer } from '#shared/wire/sync.ts'
import { createMemoryDisk, rowsOf } from '../../client/database/memory-disk.ts'
import { openMemoryStore } from '../../client/database/memory-store.ts'
import { applyPage } from '../../client/sync/apply-page.ts'
import { editLocally, type LocalEditor } from '../../client/sync/local-edit.ts'
import { prepareRequest } from '../../client/sync/prepare-request.ts'
import type { SyncContext } from '../../client/sync/sync-meta.ts'
import type { SyncMeta, SyncTables } from '../../client/sync/sync-store.ts'
import { REAL_TURNS } from '../helpers/real-turns.ts'
import { isMeta } from './oracle.ts'
import { seededBytes } from './random-source.ts'

export const NOW = 1_700_000_000_000
export const CHAT = '019b0000-0000-7000-8000-00000000000a'

/** A device without an engine: each step of it is taken by the test. */
export function setUpDevice(seed = 1) {
  const disk = createMemoryDisk()
  const time = { now: NOW }
  const context: SyncContext = {
    store: openMemoryStore(disk, REAL_TURNS),
    clock: { now: () => time.now },
    randomBytes: seededBytes(seed),
    rules: DEVICE_RULES,
  }
  const transact = <Result>(work: (tables: SyncTables) => Promise<Result>) =>
    context.store.transaction('durable-write', work)
  return {
    disk,
    time,
    context,
    transact,
    rows: (table: keyof SyncTables) => rowsOf(disk, table),
    meta: (): SyncMeta => {
      const [meta] = rowsOf(disk, 'meta')
      if (!isMeta(meta)) throw new Error('This device was never used')
      return meta
    },
    edit: <Result>(work: (editor: LocalEditor) => Promise<Result>) => editLocally(context, work),
    request: () => transact(tables => prepareRequest(tables, context, { pageRows: 500, isReached: true })),
    /** Takes in a reply; what the test leaves out is a whole page that changes nothing. */
    reply: (request: SyncRequest, rows: readonly FeedRow[], trailer: Partial<SyncTrailer> = {}) =>
      transact(tables =>
        applyPage(tables, context, { request, page: { rows, trailer: trailerFor(request, rows, trailer) } }),
      ),
  }
}

function trailerFor(request: SyncRequest, rows: readonly FeedRow[], trailer: Partial<SyncTrailer>): SyncTrailer {
  const from = request.cursor?.[0] ?? 0
  const head = trailer.head ?? Math.max(from, ...rows.map(([, , rev]) => rev))
  const last = request.muts.at(-1)
  return {
    end: 'sync',
    epoch: 'one',
    now: NOW,
    ack: last === undefined ? [0, ''] : [last.n, last.mid],
    results: [],
    from,
    next: [head, `nonce ${head}`],
    head,
    more: false,
    ...trailer,
  }
}

/** A conversation as the feed brings it. */
export function chatLine(rev: number, fields: Readonly<Record<string, unknown>>, at: FeedRow[6] = {}): FeedRow {
  return ['conversations', CHAT, rev, null, 0, { created_at: NOW, ...fields }, at]
}

export function tombstoneLine(rev: number): FeedRow {
  return ['conversations', CHAT, rev, null, 1, {}, {}]
}

/** A message of that conversation as the feed brings it. */
export function messageLine(id: string, rev: number, fields: Readonly<Record<string, unknown>> = {}): FeedRow {
  return ['messages', id, rev, CHAT, 0, { role: 'user', created_at: NOW, ...fields }, {}]
}
