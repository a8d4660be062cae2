import * as v from 'valibot'
import type { RowKind, WritableKind } from '../sync-kinds.ts'
import { idField, modelField } from './fields.ts'

/** The version of the messages below. A server refuses a newer one with `schema-too-new`, and one below its least with `upgrade-required`. */
export const SYNC_SCHEMA = 1
/** The oldest version that a server still speaks with. */
export const LEAST_SYNC_SCHEMA = 1
/** A push holds at most so many mutations. */
export const MOST_MUTATIONS = 200

const ROW_KINDS = [
  'conversations',
  'messages',
  'personas',
  'settings',
  'attachments',
  'usage_logs',
] as const satisfies readonly RowKind[]
const WRITABLE_KINDS = [
  'conversations',
  'messages',
  'personas',
  'settings',
  'attachments',
] as const satisfies readonly WritableKind[]

const countField = v.pipe(v.number('a whole number'), v.safeInteger('a whole number'), v.minValue(0, 'a whole number'))
const clockField = v.tuple(
  [v.pipe(v.number(), v.safeInteger()), v.pipe(v.string(), v.maxLength(64))],
  '[milliseconds, device]',
)
const setsField = v.record(v.string(), v.tuple([v.unknown(), clockField], '[value, [milliseconds, device]]'))
const clocksField = v.record(v.string(), clockField)

const numbered = { n: countField, mid: idField, schema: countField }

/** R2: one act of the user, in the order of the device. Values, never "increment". */
const mutationSchema = v.variant('op', [
  v.strictObject({
    ...numbered,
    op: v.literal('put'),
    kind: v.picklist(WRITABLE_KINDS),
    id: v.string(),
    set: setsField,
  }),
  v.strictObject({
    ...numbered,
    op: v.literal('set'),
    kind: v.picklist(WRITABLE_KINDS),
    id: v.string(),
    set: setsField,
  }),
  v.strictObject({ ...numbered, op: v.literal('purge'), kind: v.picklist(WRITABLE_KINDS), id: v.string() }),
  v.strictObject({
    ...numbered,
    op: v.literal('run.start'),
    id: idField,
    conversation_id: idField,
    user_message_id: idField,
    message_id: idField,
    model: modelField,
    created_at: countField,
  }),
  v.strictObject({ ...numbered, op: v.literal('run.cancel'), id: idField }),
  // What is left of a mutation that the user took back before it was sent.
  v.strictObject({ ...numbered, op: v.literal('noop') }),
])

export type Mutation = v.InferOutput<typeof mutationSchema>

/** A mutation that cannot be read still has its number: it is answered with `invalid` and done with, instead of blocking all behind it. */
const unreadableSchema = v.pipe(
  v.looseObject(numbered, 'a mutation'),
  v.transform(({ n, mid, schema }) => ({ n, mid, schema, op: 'unreadable' as const })),
)
const pushedMutationField = v.union([mutationSchema, unreadableSchema], 'a mutation with n, mid and schema')

/** A mutation as the server receives it. */
export type PushedMutation = Mutation | v.InferOutput<typeof unreadableSchema>

/** The feed position: a revision, and the nonce of the transaction that ended there (R10). */
const cursorField = v.tuple([countField, v.string('the nonce of a page')], '[rev, nonce]')
export type Cursor = v.InferOutput<typeof cursorField>

/** The body of `POST /api/sync`. */
export const syncRequestSchema = v.strictObject({
  v: v.literal(1, 'sync protocol 1'),
  schema: countField,
  device: idField,
  /** Null from a device that has never met this server. */
  epoch: v.nullable(v.string()),
  cursor: v.nullable(cursorField),
  /** The highest mutation that was acknowledged to this device. */
  ack_n: countField,
  muts: v.pipe(
    v.array(pushedMutationField, 'an array of mutations'),
    v.maxLength(MOST_MUTATIONS, `at most ${MOST_MUTATIONS} mutations`),
  ),
  /** The most rows to answer with. */
  limit: v.pipe(countField, v.minValue(1, 'at least 1'), v.maxValue(2000, 'at most 2000')),
})
export type SyncRequest = v.InferOutput<typeof syncRequestSchema>

/** What became of a mutation that was not simply applied. */
const RESULTS = ['gone', 'invalid', 'held', 'missing', 'budget-exceeded'] as const
const resultSchema = v.object({ n: countField, result: v.picklist(RESULTS) })
export type MutationResult = v.InferOutput<typeof resultSchema>

/** One line of a page: `[kind, id, rev, conversation, flags, fields, clocks]`. Flag 1: purged, only the tombstone is left. */
const feedRowSchema = v.tuple([
  v.string(),
  v.string(),
  countField,
  v.nullable(v.string()),
  countField,
  v.record(v.string(), v.unknown()),
  clocksField,
])
export type FeedRow = v.InferOutput<typeof feedRowSchema>

/** The last line of a reply to `POST /api/sync`; a page without it was cut and is thrown away. */
const syncTrailerSchema = v.object({
  end: v.literal('sync'),
  epoch: v.string(),
  now: countField,
  /** The last mutation that is applied, with its id, so that a copied device is found out (R3). */
  ack: v.tuple([countField, v.string()]),
  results: v.array(resultSchema),
  from: countField,
  next: cursorField,
  head: countField,
  more: v.boolean(),
})
export type SyncTrailer = v.InferOutput<typeof syncTrailerSchema>

/** The last line of a page of the first load. */
const rowsTrailerSchema = v.object({
  end: v.literal('rows'),
  epoch: v.string(),
  /** Where the next page of conversations begins; null after the last. */
  before: v.nullable(v.string()),
  /** Conversations whose messages are all in this page or earlier ones. */
  done: v.array(v.string()),
  /** Where the rest of an unfinished conversation begins; null when none is unfinished. */
  after: v.nullable(v.tuple([v.string(), v.string()])),
})
export type RowsTrailer = v.InferOutput<typeof rowsTrailerSchema>

/** The answer of `GET /api/sync/boot`: where the feed stands, and how much there is. */
export const bootSchema = v.object({
  epoch: v.string(),
  now: countField,
  head: cursorField,
  conversations: countField,
  messages: countField,
})
export type Boot = v.InferOutput<typeof bootSchema>

/** The body of `POST /api/sync/rows/messages`: bodies by explicit conversation ids, newest unloaded first. */
export const messageRowsRequestSchema = v.strictObject({
  conversations: v.pipe(
    v.array(idField),
    v.minLength(1, 'at least one conversation'),
    v.maxLength(200, 'at most 200 conversations'),
  ),
  after: v.nullish(v.tuple([idField, idField])),
})

export type SyncPage<Trailer> = { readonly rows: readonly FeedRow[]; readonly trailer: Trailer }

/** Reads a page; null when its last line is missing or anything in it is not what it should be (a captive portal, a cut line). */
export function parseSyncPage(text: string): SyncPage<SyncTrailer> | null {
  return parsePage(text, syncTrailerSchema)
}

/** The same for a page of the first load. */
export function parseRowsPage(text: string): SyncPage<RowsTrailer> | null {
  return parsePage(text, rowsTrailerSchema)
}

function parsePage<Trailer>(text: string, schema: v.GenericSchema<unknown, Trailer>): SyncPage<Trailer> | null {
  if (!text.endsWith('\n')) return null
  const lines = text.slice(0, -1).split('\n')
  const trailer = v.safeParse(schema, parseLine(lines.pop() ?? ''))
  if (!trailer.success) return null
  const rows: FeedRow[] = []
  for (const line of lines) {
    const row = v.safeParse(feedRowSchema, parseLine(line))
    if (!row.success) return null
    rows.push(row.output)
  }
  return { rows, trailer: trailer.output }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

export function isRowKind(kind: string): kind is RowKind {
  return (ROW_KINDS as readonly string[]).includes(kind)
}
