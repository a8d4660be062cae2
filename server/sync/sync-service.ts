import type { Clock } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { RowKind } from '#shared/sync-kinds.ts'
import { type RestorePolicy, SERVER_RULES, type ServerRules } from '#shared/sync-rules.ts'
import {
  type Boot,
  type Cursor,
  LEAST_SYNC_SCHEMA,
  type MutationResult,
  type PushedMutation,
  type RowsTrailer,
  SYNC_SCHEMA,
  type SyncRequest,
  type SyncTrailer,
} from '#shared/wire/sync.ts'
import type { Writer, WriteTransaction } from '../database/writer.ts'
import type { RunsService } from '../runs/runs-service.ts'
import { type ApplyContext, applyMutation } from './apply-mutation.ts'
import {
  findDevice,
  listDevices,
  mutationIdAt,
  type StoredDevice,
  saveDevice,
  saveMutationId,
} from './devices-store.ts'
import { type FeedPage, iterateMessages, type ListPage, readConversations, readFeed, readRows } from './feed-store.ts'
import { currentEpoch, listEpochs, mintEpoch, nonceAt } from './history-store.ts'
import { countRows } from './rows-store.ts'

/** Lines of JSON (see `FeedRow`), and the line that closes them; `renderPage` makes the body of them. */
export type Page<Trailer> = { readonly lines: readonly string[]; readonly trailer: Trailer }

/** What a device is told: a page, or why it cannot have one. Expected, so not thrown. */
export type SyncReply =
  | ({ readonly kind: 'page' } & Page<SyncTrailer>)
  | { readonly kind: 'fork'; readonly epoch: string; readonly policy: RestorePolicy }
  | { readonly kind: 'gap' | 'device-cloned' | 'schema-too-new' | 'upgrade-required' }

export interface SyncService {
  /** The current history. */
  epoch(): string
  /** Whether this server cannot speak with a device of that version; to be asked before the rest of its request is read. */
  refuseSchema(schema: number): SyncReply | null
  /**
   * Pushes and pulls for one device: all of its mutations that are new are applied in one transaction, or none. Throws AppError
   * `bad-request` for a position without an epoch, and `disk-full`; then nothing is applied.
   */
  sync(userId: number, request: SyncRequest): SyncReply
  /** The devices that have synced, the last seen first; each is noted once an hour. */
  devices(userId: number): ReturnType<typeof listDevices>
  /** Where the feed stands, for a device that is empty and loads from there. */
  boot(userId: number): Boot
  /** A page of the first load, newest first. */
  rows(userId: number, kind: Exclude<RowKind, 'messages'>, page: ListPage): Page<RowsTrailer>
  /** Messages by explicit conversations, in their order, about 1 MB at most; `after` goes on behind a message. */
  messageRows(userId: number, request: MessageRowsRequest): Page<RowsTrailer>
}

type MessageRowsRequest = {
  readonly conversations: readonly string[]
  readonly after?: readonly [conversation: string, message: string] | null | undefined
}

export type SyncDependencies = {
  readonly writer: Writer
  readonly clock: Clock
  readonly runs: Pick<RunsService, 'canAsk' | 'isOverBudget' | 'begin' | 'stop'>
  /** Those of the product, unless a test breaks one. */
  readonly rules?: ServerRules
}

const NOTHING_NEW: FeedPage = { lines: [], more: false }
/** A page of messages is written to a device's disk in a few transactions; a larger one would hold it up. */
const MOST_MESSAGES_LENGTH = 1_000_000
/** A device that only reads is noted once in a while: a flush of the disk for each look would wear out a card. */
const SEEN_EVERY_MS = 60 * 60 * 1000

/** The server's half of the sync, without HTTP: works on any writer, and asks nobody for time but the clock. */
export function createSyncService(dependencies: SyncDependencies): SyncService {
  const { writer, clock, runs, rules = SERVER_RULES } = dependencies
  const { sqlite } = writer
  if (currentEpoch(sqlite) === undefined) writer.write(transaction => mintEpoch(transaction, 'merge'))

  const epoch = () => currentEpoch(sqlite) ?? fail('The database has no epoch')
  const cursorAt = (rev: number): Cursor => [rev, nonceAt(sqlite, rev)]

  function fork(request: SyncRequest, lastN: number): SyncReply | null {
    const stand = { epoch: epoch(), head: writer.head(), nonceAt: (rev: number) => nonceAt(sqlite, rev), lastN }
    const found = rules.findFork(stand, request)
    if (!found) return null
    // Whoever comes from another history has left this one's; a proven rollback makes all others leave it too.
    if (found === 'rollback') writer.write(transaction => mintEpoch(transaction, 'merge'))
    return { kind: 'fork', epoch: epoch(), policy: rules.policySince(listEpochs(sqlite), request.epoch ?? '') }
  }

  function push(userId: number, request: SyncRequest, fresh: readonly PushedMutation[]): readonly MutationResult[] {
    const started: ApplyContext['started'] = []
    const stopped: string[] = []
    const context = {
      userId,
      deviceId: request.device,
      rules,
      isRestored: listEpochs(sqlite).length > 1,
      canAsk: runs.canAsk,
      isOverBudget: runs.isOverBudget,
      started,
      stopped,
    }
    const results = writer.write(transaction => applyAll(transaction, context, request, fresh))
    runs.begin(started)
    runs.stop(stopped)
    return results
  }

  function page(userId: number, request: SyncRequest, results: readonly MutationResult[]): SyncReply {
    const from = request.cursor?.[0] ?? 0
    const head = writer.head()
    const { lines, more } = from < head ? readFeed(sqlite, userId, from, request.limit) : NOTHING_NEW
    const lastN = findDevice(sqlite, request.device)?.last_n ?? 0
    const trailer: SyncTrailer = {
      end: 'sync',
      epoch: epoch(),
      now: clock.now(),
      ack: [lastN, mutationIdAt(sqlite, request.device, lastN) ?? ''],
      results: [...results],
      from,
      next: cursorAt(more ? (lines.at(-1)?.rev ?? from) : head),
      head,
      more,
    }
    return { kind: 'page', lines: lines.map(({ line }) => line), trailer }
  }

  return {
    epoch,
    refuseSchema,

    sync: (userId, request) => {
      const refusal = refuseSchema(request.schema)
      if (refusal) return refusal
      refuseLostPosition(request)
      const device = findDevice(sqlite, request.device)
      // A profile that somebody else has used before is another device.
      if (device && device.user_id !== userId) return { kind: 'device-cloned' }
      const lastN = device?.last_n ?? 0
      const forked = fork(request, lastN)
      if (forked) return forked
      const fresh = rules.judgePush(request.muts, lastN, n => mutationIdAt(sqlite, request.device, n))
      if (typeof fresh === 'string') return { kind: fresh }
      const isNoted = device !== undefined && !isStale(device, request, clock.now())
      const results = fresh.length === 0 && isNoted ? [] : push(userId, request, fresh)
      return page(userId, request, results)
    },

    devices: userId => listDevices(sqlite, userId),

    boot: userId => ({
      epoch: epoch(),
      now: clock.now(),
      head: cursorAt(writer.head()),
      conversations: countRows(sqlite, 'conversations', userId),
      messages: countRows(sqlite, 'messages', userId),
    }),

    rows: (userId, kind, options) => {
      const { lines, before } =
        kind === 'conversations' ? readConversations(sqlite, userId, options) : readRows(sqlite, kind, userId, options)
      return { lines, trailer: { end: 'rows', epoch: epoch(), before, done: [], after: null } }
    },

    messageRows: (userId, request) => {
      const { lines, done, after } = readMessages(writer, userId, request)
      return { lines, trailer: { end: 'rows', epoch: epoch(), before: null, done, after } }
    },
  }
}

/** The body of a page: a line for each row, and the trailer that says it is whole. */
export function renderPage({ lines, trailer }: Page<SyncTrailer | RowsTrailer>): string {
  const end = `${JSON.stringify(trailer)}\n`
  return lines.length === 0 ? end : `${lines.join('\n')}\n${end}`
}

/** R3: effects, number and id of each mutation are one transaction. */
function applyAll(
  transaction: WriteTransaction,
  context: ApplyContext,
  request: SyncRequest,
  fresh: readonly PushedMutation[],
): readonly MutationResult[] {
  const results: MutationResult[] = []
  for (const mutation of fresh) {
    const result = applyMutation(transaction, context, mutation)
    if (result) results.push({ n: mutation.n, result })
    saveMutationId(transaction, request.device, mutation.n, mutation.mid)
  }
  const lastN = fresh.at(-1)?.n ?? findDevice(transaction.sqlite, request.device)?.last_n ?? 0
  saveDevice(transaction, { id: request.device, userId: context.userId, lastN, schema: request.schema })
  return results
}

function readMessages({ sqlite }: Writer, userId: number, { conversations, after = null }: MessageRowsRequest) {
  const start = after ? conversations.indexOf(after[0]) : 0
  if (start < 0) {
    throw new AppError('bad-request', 'after should name one of the conversations.', { field: 'after' })
  }
  const lines: string[] = []
  const done = conversations.slice(0, start)
  let length = 0
  for (const conversation of conversations.slice(start)) {
    let behind = after?.[0] === conversation ? after[1] : null
    for (const { id, line } of iterateMessages(sqlite, userId, conversation, behind)) {
      if (lines.length > 0 && length + line.length > MOST_MESSAGES_LENGTH) {
        return { lines, done, after: behind === null ? null : ([conversation, behind] as [string, string]) }
      }
      lines.push(line)
      length += line.length
      behind = id
    }
    done.push(conversation)
  }
  return { lines, done, after: null }
}

function refuseSchema(schema: number): SyncReply | null {
  if (schema > SYNC_SCHEMA) return { kind: 'schema-too-new' }
  return schema < LEAST_SYNC_SCHEMA ? { kind: 'upgrade-required' } : null
}

function refuseLostPosition({ epoch, cursor, ack_n }: SyncRequest): void {
  if (epoch !== null || (cursor === null && ack_n === 0)) return
  throw new AppError('bad-request', 'epoch should name the history that cursor and ack_n belong to.', {
    field: 'epoch',
  })
}

function isStale(device: StoredDevice, request: SyncRequest, now: number): boolean {
  return device.schema !== request.schema || Math.abs(now - device.seen_at) > SEEN_EVERY_MS
}

function fail(message: string): never {
  throw new Error(message)
}
