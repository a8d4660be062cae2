import type { RowKind } from '#shared/sync-kinds.ts'
import type { RowRef, SyncRow } from '#shared/sync-row.ts'
import type { Shadow, StoreKey, SyncTable, SyncTables } from './sync-store.ts'

/** The kinds in the order in which rows depend on each other: what others point to comes first. */
export const ROW_KINDS = [
  'conversations',
  'personas',
  'settings',
  'attachments',
  'messages',
  'usage_logs',
] as const satisfies readonly RowKind[]

/** Fewer rows are read one by one. */
const LEAST_NEAR = 4
const FEW_SHADOWS = 20

type PlainKind = Exclude<RowKind, 'messages'>

function groupOf(ref: RowRef): string {
  return ref.conversation_id ?? ''
}

/** A row's key in the `shadow` table. */
export function shadowKey(ref: RowRef): readonly [string, string, string] {
  return [ref.kind, groupOf(ref), ref.id]
}

/** One text for one row, for maps in memory. */
export function refText(ref: RowRef): string {
  return `${ref.kind}/${groupOf(ref)}/${ref.id}`
}

/** What a row of a table is called. */
export function refOfRow(kind: RowKind, row: SyncRow): RowRef {
  const conversationId = row['conversation_id']
  const isInConversation = kind === 'messages' && typeof conversationId === 'string'
  return { kind, id: row.id, conversation_id: isInConversation ? conversationId : null }
}

/** Reads rows of any kinds, in the order asked for. */
export async function readRows(tables: SyncTables, refs: readonly RowRef[]): Promise<readonly (SyncRow | null)[]> {
  const found = new Map<string, SyncRow>()
  const read = async (kind: RowKind, group: readonly RowRef[]): Promise<void> => {
    const rows =
      kind === 'messages'
        ? await readMessages(tables, group)
        : await readNear(plainTable(tables, kind), group, id => id)
    for (const row of rows) found.set(refText(refOfRow(kind, row)), row)
  }
  // All at once: the database answers in their order, and nobody waits for one answer to ask the next.
  await Promise.all([...byKind(refs)].map(([kind, group]) => read(kind, group)))
  return refs.map(ref => found.get(refText(ref)) ?? null)
}

/** Reads shadows, in the order asked for. */
export async function readShadows(tables: SyncTables, refs: readonly RowRef[]): Promise<readonly (Shadow | null)[]> {
  const found = new Map<string, Shadow>()
  // Mostly only what was written lately has one, and to know that takes one request.
  const first = await tables.shadow.range({ limit: FEW_SHADOWS })
  for (const shadow of first) found.set(refText(shadow), shadow)
  const others = first.length < FEW_SHADOWS ? [] : refs
  for (const group of Map.groupBy(others, ref => `${ref.kind}/${groupOf(ref)}`).values()) {
    const [first] = group
    if (first === undefined) continue
    const keyOf = (id: string) => [first.kind, groupOf(first), id] as const
    for (const shadow of await readNear(tables.shadow, group, keyOf)) found.set(refText(shadow), shadow)
  }
  return refs.map(ref => found.get(refText(ref)) ?? null)
}

/** What becomes of a row; null deletes it. `isQuiet`: nothing is new in it but where the server has it. */
export type RowChange = { readonly ref: RowRef; readonly row: SyncRow | null; readonly isQuiet?: true }

/** Writes rows of any kinds. */
export async function writeRows(tables: SyncTables, changes: readonly RowChange[]): Promise<void> {
  for (const [kind, group] of Map.groupBy(changes, ({ ref }) => ref.kind)) {
    const rows = Map.groupBy(
      group.filter(({ row }) => row !== null),
      ({ isQuiet }) => isQuiet === true,
    )
    const gone = group.flatMap(({ ref, row }) => (row === null ? [ref] : []))
    const [loud, quiet] = [false, true].map(isQuiet => (rows.get(isQuiet) ?? []).flatMap(({ row }) => row ?? []))
    if (loud !== undefined && loud.length > 0) await tables[kind].putMany(loud)
    if (quiet !== undefined && quiet.length > 0) await tables[kind].putQuietly(quiet)
    if (gone.length === 0) continue
    if (kind === 'messages') await tables.messages.delete(gone.map(messageKey))
    else await plainTable(tables, kind).delete(gone.map(({ id }) => id))
  }
}

/** All messages of one conversation. */
export function messagesOf(conversationId: string): {
  readonly after: readonly [string, string]
  readonly upTo: readonly [string, string]
} {
  return { after: [conversationId, ''], upTo: [conversationId, '\uffff'] }
}

export function plainTable(tables: SyncTables, kind: PlainKind): SyncTable<SyncRow, string> {
  return tables[kind]
}

async function readMessages(tables: SyncTables, refs: readonly RowRef[]): Promise<readonly SyncRow[]> {
  const groups = [...Map.groupBy(refs, groupOf)]
  const rows = await Promise.all(
    groups.map(([conversationId, group]) => readNear(tables.messages, group, id => [conversationId, id] as const)),
  )
  return rows.flat()
}

/** Ids begin with a time, so what is read together mostly lies together: as one range, for a request takes longer than a row. */
async function readNear<Row extends { readonly id: string }, Key extends StoreKey>(
  table: SyncTable<Row, Key>,
  refs: readonly RowRef[],
  keyOf: (id: string) => Key,
): Promise<readonly Row[]> {
  const ids = refs.map(({ id }) => id).sort()
  const [low = '', high = ''] = [ids[0], ids.at(-1)]
  if (ids.length >= LEAST_NEAR) {
    const limit = 2 * ids.length
    // A text comes before all that begin with it.
    const rows = await table.range({ after: keyOf(low.slice(0, -1)), upTo: keyOf(high), limit })
    if (rows.length < limit) return rows
  }
  return (await table.getMany(ids.map(keyOf))).flatMap(row => row ?? [])
}

function messageKey(ref: RowRef): readonly [string, string] {
  return [groupOf(ref), ref.id]
}

function byKind(refs: readonly RowRef[]): ReadonlyMap<RowKind, readonly RowRef[]> {
  return Map.groupBy(refs, ({ kind }) => kind)
}
