import { makeId } from '#shared/ids.ts'
import type { ServerRules } from '#shared/sync-rules.ts'
import {
  type FeedRow,
  type MutationResult,
  type PushedMutation,
  parseRowsPage,
  parseSyncPage,
  type RowsTrailer,
  type SyncPage,
  type SyncRequest,
  type SyncTrailer,
} from '#shared/wire/sync.ts'
import { openDatabase, type Sqlite } from '../../server/database/open-database.ts'
import { createWriter, type Writer } from '../../server/database/writer.ts'
import type { StartedRun } from '../../server/runs/store-run.ts'
import {
  createSyncService,
  type Page,
  renderPage,
  type SyncReply,
  type SyncService,
} from '../../server/sync/sync-service.ts'
import { seededRandom } from './seeded-random.ts'

/** The server's half of the sync on a database in memory, with runs that are only noted down. */
export type SyncCore = {
  readonly sqlite: Sqlite
  readonly writer: Writer
  readonly sync: SyncService
  /** Runs that were handed over, and those that were to be stopped. */
  readonly started: readonly StartedRun[]
  readonly stopped: readonly string[]
  readonly clock: { now: number }
  newId(): string
  /** Tables as they stand. */
  rows(table: string): readonly Readonly<Record<string, unknown>>[]
}

export function createSyncCore(
  options: { readonly sqlite?: Sqlite; readonly seed?: number; readonly rules?: ServerRules } = {},
): SyncCore {
  const random = seededRandom(options.seed ?? 1)
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => random() * 256)
  const clock = { now: 1_000_000 }
  const sqlite = options.sqlite ?? openDatabase(':memory:')
  const writer = createWriter({ sqlite, clock: { now: () => clock.now }, randomBytes })
  const started: StartedRun[] = []
  const stopped: string[] = []
  const sync = createSyncService({
    writer,
    clock: { now: () => clock.now },
    runs: {
      canAsk: model => !model.startsWith('absent/'),
      isOverBudget: () => false,
      begin: runs => void started.push(...runs),
      stop: ids => void stopped.push(...ids),
    },
    ...(options.rules ? { rules: options.rules } : {}),
  })
  return {
    sqlite,
    writer,
    sync,
    started,
    stopped,
    clock,
    newId: () => makeId(clock.now, randomBytes),
    rows: table => sqlite.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all(),
  }
}

type WithoutNumber<Numbered> = Numbered extends unknown ? Omit<Numbered, 'n' | 'mid' | 'schema'> : never
export type Body = WithoutNumber<Exclude<PushedMutation, { op: 'unreadable' }>>

/** A device of the plainest kind: it numbers its mutations, pushes them, and keeps the newest version of each row it sees. */
export class Device {
  readonly id: string
  readonly userId: number
  readonly seen = new Map<string, FeedRow>()
  epoch: string | null = null
  cursor: SyncRequest['cursor'] = null
  lastN = 0
  ackN = 0
  readonly #core: SyncCore

  constructor(core: SyncCore, userId = 1) {
    this.#core = core
    this.userId = userId
    this.id = core.newId()
  }

  /** Numbers mutations without sending them. */
  make(...bodies: readonly Body[]): PushedMutation[] {
    return bodies.map(body => ({ ...body, n: ++this.lastN, mid: this.#core.newId(), schema: 1 }))
  }

  request(muts: readonly PushedMutation[] = [], fields: Partial<SyncRequest> = {}): SyncRequest {
    const { id: device, epoch, cursor, ackN: ack_n } = this
    return { v: 1, schema: 1, device, epoch, cursor, ack_n, muts: [...muts], limit: 500, ...fields }
  }

  /** Sends a request whose answer gets lost, or is looked at by the test alone. */
  send(request: SyncRequest): SyncReply {
    return this.#core.sync.sync(this.userId, request)
  }

  /** Pushes, and pulls until there is no more. Returns the results of the push. */
  push(...bodies: readonly Body[]): readonly MutationResult[] {
    return this.deliver(this.make(...bodies))
  }

  deliver(muts: readonly PushedMutation[]): readonly MutationResult[] {
    const first = this.take(this.send(this.request(muts)))
    let { more } = first.trailer
    while (more) more = this.take(this.send(this.request())).trailer.more
    return first.trailer.results
  }

  take(reply: SyncReply): SyncPage<SyncTrailer> {
    const page = pageOf(reply)
    for (const row of page.rows) this.seen.set(`${row[0]} ${row[1]}`, row)
    this.epoch = page.trailer.epoch
    this.cursor = page.trailer.next
    this.ackN = page.trailer.ack[0]
    return page
  }

  row(kind: string, id: string): FeedRow | undefined {
    return this.seen.get(`${kind} ${id}`)
  }

  /** The fields of a row as this device has seen it. */
  fields(kind: string, id: string): Readonly<Record<string, unknown>> | undefined {
    return this.row(kind, id)?.[5]
  }
}

/** A reply as a device reads it from the wire; anything but a page is an error of the test. */
export function pageOf(reply: SyncReply): SyncPage<SyncTrailer> {
  if (reply.kind !== 'page') throw new Error(`No page but ${JSON.stringify(reply)}`)
  const page = parseSyncPage(renderPage(reply))
  if (!page) throw new Error('The page cannot be read')
  return page
}

/** The same for a page of the first load. */
export function rowsOf(page: Page<RowsTrailer>): SyncPage<RowsTrailer> {
  const read = parseRowsPage(renderPage(page))
  if (!read) throw new Error('The page cannot be read')
  return read
}

/** A new conversation, by a device whose clock says `at`. */
export function conversation(id: string, at: number, fields: Readonly<Record<string, unknown>> = {}): Body {
  return {
    op: 'put',
    kind: 'conversations',
    id,
    set: stamped({ created_at: at, updated_at: at, ...fields }, at, 'maker'),
  }
}

/** A prompt in a conversation. */
export function prompt(
  id: string,
  conversationId: string,
  at: number,
  fields: Readonly<Record<string, unknown>> = {},
): Body {
  const values = { conversation_id: conversationId, role: 'user', content: 'A question', created_at: at, ...fields }
  return { op: 'put', kind: 'messages', id, set: stamped(values, at, 'maker') }
}

export function setFields(
  kind: Extract<Body, { op: 'set' }>['kind'],
  id: string,
  fields: Readonly<Record<string, unknown>>,
  clock: readonly [number, string],
): Body {
  return { op: 'set', kind, id, set: stamped(fields, ...clock) }
}

function stamped(fields: Readonly<Record<string, unknown>>, at: number, device: string) {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]): [string, [unknown, [number, string]]] => [
      field,
      [value, [at, device]],
    ]),
  )
}
