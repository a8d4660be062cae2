import type { MutationBody } from '#shared/sync-overlay.ts'
import { type SyncRow, UNTOLD_ERA } from '#shared/sync-row.ts'
import type { SyncRequest } from '#shared/wire/sync.ts'
import { openUnpacked } from './parcel.ts'
import { renumber } from './renumber.ts'
import { plainTable, ROW_KINDS, refOfRow, writeRows } from './row-tables.ts'
import { newId, PARKED_NUMBERS, readMeta, type SyncContext } from './sync-meta.ts'
import type { Recovery, Shadow, StoredMutation, SyncTables } from './sync-store.ts'
import { openUnit, type UnitOfWork } from './unit-of-work.ts'

/** Rows that one transaction of merging up looks at. */
const CHUNK = 250

/**
 * R11: the server was put back from a backup. This device becomes a new one, keeps all it has in sight, and reads the server's
 * whole state before it says anything. What had been acknowledged is part of the rows now; what had not, waits under parked numbers.
 */
export async function beginRecovery(
  tables: SyncTables,
  context: SyncContext,
  fork: { readonly request: Pick<SyncRequest, 'device' | 'epoch'>; readonly epoch: string },
): Promise<void> {
  const meta = await readMeta(tables, context)
  const isKnown = fork.epoch === meta.epoch || fork.request.epoch !== meta.epoch || fork.request.device !== meta.device
  if (isKnown) return
  await openUnpacked(tables, context)
  const waiting = await foldAcknowledged(tables, context)
  await tables.unloaded.deleteRange({})
  await tables.meta.put({
    ...meta,
    device: newId(context),
    era: meta.era + 1,
    epoch: fork.epoch,
    cursor: null,
    ack: [0, ''],
    next_n: PARKED_NUMBERS + waiting,
    recovery: { phase: 'pulling', merge_n: 1 },
    first_load: { phase: 'done' },
    listed_at: 0,
  })
}

/**
 * Makes acknowledged mutations, and those of an earlier merge, part of their rows; parks the others and returns how many. What the
 * lost history refused is told again: the backup may know what it knew not.
 */
async function foldAcknowledged(tables: SyncTables, context: SyncContext): Promise<number> {
  const log = new Map((await tables.mut.range({})).map(mutation => [mutation.n, mutation]))
  const waiting = [...log.values()]
    .filter(mutation => !isFolded(mutation))
    .map(mutation => ({ ...mutation, acked: null, result: null }))
  for (const shadow of await tables.shadow.range({})) {
    const pending = shadow.pending.flatMap(n => log.get(n) ?? [])
    const folded = pending.filter(isFolded).map(({ body }) => body)
    const row = context.rules.overlayRow(shadow, shadow.row, folded)
    const left = pending.filter(mutation => !isFolded(mutation)).map(({ n }) => n)
    await foldInto(tables, shadow, { row, left })
  }
  await tables.mut.delete([...log.values()].filter(isFolded).map(({ n }) => n))
  await renumber(tables, waiting, (_, index) => PARKED_NUMBERS + index)
  return waiting.length
}

async function foldInto(
  tables: SyncTables,
  shadow: Shadow,
  { row, left }: { readonly row: SyncRow | null; readonly left: readonly number[] },
): Promise<void> {
  if (left.length > 0) return tables.shadow.put({ ...shadow, row, pending: left })
  await tables.shadow.delete([[shadow.kind, shadow.group, shadow.id]])
  await writeRows(tables, [{ ref: shadow, row }])
}

function isFolded({ acked, result, origin }: StoredMutation): boolean {
  return (acked !== null && result === null) || origin === 'merge'
}

/** R11: merges up the next rows that the restored server does not hold. True while there are more. */
export async function mergeNextRows(tables: SyncTables, context: SyncContext): Promise<boolean> {
  const unit = await openUnit(tables, context)
  const { recovery } = unit.meta
  if (recovery?.phase !== 'merging') return false
  const rows = await readChunk(tables, recovery)
  const refs = rows.map(row => refOfRow(recovery.kind, row))
  await unit.load(refs)
  for (const ref of refs) {
    const stored = unit.stored(ref)
    // What no server was told of yet is told when the log is empty, as it would have been.
    if (stored === null || stored.era === unit.meta.era || stored.era === UNTOLD_ERA) continue
    await mergeMissing(unit, { ref, body: context.rules.mergeUp(recovery.kind, stored, null) })
  }
  const last = rows.length < CHUNK ? undefined : rows.at(-1)
  const place = nextPlace(unit, recovery, last)
  if (place !== null) unit.change({ recovery: place })
  await unit.flush()
  if (place === null) await endRecovery(tables, context)
  return place !== null
}

/** The user's own mutations follow those that merged up: what they build on is there by then. */
async function endRecovery(tables: SyncTables, context: SyncContext): Promise<void> {
  const meta = await readMeta(tables, context)
  const begin = meta.recovery?.merge_n ?? meta.next_n
  const waiting = await tables.mut.range({ after: PARKED_NUMBERS - 1 })
  await renumber(tables, waiting, (_, index) => begin + index)
  await tables.meta.put({ ...meta, recovery: null, next_n: begin + waiting.length })
}

async function mergeMissing(
  unit: UnitOfWork,
  { ref, body }: { readonly ref: ReturnType<typeof refOfRow>; readonly body: MutationBody | null },
): Promise<void> {
  const waiting = unit.shadow(ref)?.pending ?? []
  const merged = body === null ? [] : [unit.append(body, ref, 'merge').n]
  const pending = [...merged, ...waiting]
  unit.setShadow(ref, null, pending)
  await unit.rebuild([ref])
  if (pending.length === 0) unit.dropShadow(ref)
}

function readChunk(tables: SyncTables, { kind, after }: Extract<Recovery, { phase: 'merging' }>) {
  if (kind === 'messages') {
    const [group, id] = Array.isArray(after) ? after : []
    const begin = typeof group === 'string' && typeof id === 'string' ? { after: [group, id] as const } : {}
    return tables.messages.range({ ...begin, limit: CHUNK })
  }
  return plainTable(tables, kind).range({ ...(typeof after === 'string' ? { after } : {}), limit: CHUNK })
}

function nextPlace(
  unit: UnitOfWork,
  recovery: Extract<Recovery, { phase: 'merging' }>,
  last: SyncRow | undefined,
): Recovery | null {
  const { merge_n } = unit.meta.recovery ?? recovery
  if (last === undefined) {
    const kind = ROW_KINDS[ROW_KINDS.indexOf(recovery.kind) + 1]
    return kind === undefined ? null : { ...recovery, merge_n, kind, after: null }
  }
  const { conversation_id, id } = refOfRow(recovery.kind, last)
  return { ...recovery, merge_n, after: conversation_id === null ? id : [conversation_id, id] }
}
