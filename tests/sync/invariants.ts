import { rowOfFeed, type SyncRow } from '#shared/sync-row.ts'
import { type MemoryDisk, rowsOf } from '../../client/database/memory-disk.ts'
import type { Shadow, SyncMeta } from '../../client/sync/sync-store.ts'
import { prepare } from '../../server/database/query.ts'
import { nonceAt } from '../../server/sync/history-store.ts'
import { isLost, isRow, isUnanswered } from './oracle.ts'
import { PROFILES } from './schedule.ts'
import type { VirtualDevice } from './virtual-device.ts'
import { metaOf, type World } from './world-state.ts'

const KINDS = ['conversations', 'messages', 'personas', 'settings', 'attachments', 'usage_logs'] as const

/** Every row of the server as its feed tells it, by kind and id. */
function serverRows({ server }: World): ReadonlyMap<string, SyncRow> {
  return new Map(server.feed().map(line => [`${line[0]}/${line[1]}`, rowOfFeed(line, 0)]))
}

function deviceRows(disk: MemoryDisk): ReadonlyMap<string, SyncRow> {
  const rows = KINDS.flatMap(kind =>
    rowsOf(disk, kind)
      .filter(isRow)
      .map((row): [string, SyncRow] => [`${kind}/${row.id}`, row]),
  )
  return new Map(rows)
}

const POSITIONS = `
  SELECT 'messages/' || id AS name, conversation_id, rev FROM messages WHERE purged = 0 AND rev <= @cursor
  UNION ALL SELECT 'conversations/' || id, NULL, rev FROM conversations WHERE purged = 0 AND rev <= @cursor
  UNION ALL SELECT 'settings/' || id, NULL, rev FROM settings WHERE purged = 0 AND rev <= @cursor
  UNION ALL SELECT 'personas/' || id, NULL, rev FROM personas WHERE purged = 0 AND rev <= @cursor`
type Position = { readonly name: string; readonly conversation_id: string | null; readonly rev: number }
/** Looked at for one in so many positions: it costs as much as all the rest. */
const CURSOR_SAMPLE = 3

/** I9: what the cursor has passed is on the disk. */
export function checkCursor(world: World, disk: MemoryDisk, meta: SyncMeta): void {
  const { server } = world
  const cursor = meta.cursor?.[0] ?? 0
  if (!server.isUp() || cursor % CURSOR_SAMPLE !== 0 || meta.epoch !== server.epoch() || meta.recovery !== null) return
  if (meta.first_load.phase !== 'done' || cursor < meta.listed_at) return
  // After an unnoticed rollback the same position means something else.
  if (meta.cursor?.[1] !== nonceAt(server.sqlite(), cursor)) return
  const shown = deviceRows(disk)
  const stored = new Map(shown)
  for (const shadow of rowsOf(disk, 'shadow').filter(isShadow)) {
    if (shadow.row !== null) stored.set(`${shadow.kind}/${shadow.id}`, shadow.row)
  }
  for (const { name, conversation_id, rev } of prepare<Position>(server.sqlite(), POSITIONS).all({ cursor })) {
    const conversation = shown.get(`conversations/${String(conversation_id)}`)
    if (conversation_id !== null && (conversation === undefined || conversation.purged)) continue
    const own = stored.get(name)
    if (own === undefined || (own.rev < rev && own.era === meta.era)) {
      world.report({ invariant: 'I9', detail: `cursor ${cursor} has passed ${name} at ${rev}, which is not here` })
    }
  }
}

/** What must hold when everything is well again and nobody acts. */
export function checkRest(world: World): void {
  const rows = serverRows(world)
  for (const device of world.devices) {
    checkQueue(world, device)
    checkSame(world, device, rows)
  }
  checkWrites(world, rows)
  checkInserts(world, rows)
  checkPurges(world, rows)
  checkRuns(world, rows)
  if (world.schedule.profile === 'replace') checkReplaced(world, rows)
  else checkMerged(world, rows)
}

/** I11: nothing is left behind without a reason. */
function checkQueue(world: World, device: VirtualDevice): void {
  const left = rowsOf(device.disk, 'mut').length
  const shadows = rowsOf(device.disk, 'shadow').length
  const untold = rowsOf(device.disk, 'untold').length + rowsOf(device.disk, 'parcels').length
  if (untold > 0) world.report({ invariant: 'I11', detail: `device ${device.name} never tells of ${untold} chats` })
  if (left > 0) world.report({ invariant: 'I11', detail: `device ${device.name} keeps ${left} mutations` })
  if (shadows > 0 && left === 0)
    world.report({ invariant: 'I11', detail: `device ${device.name} keeps ${shadows} shadows` })
  for (const { engine } of device.tabs) {
    const { link } = engine.status.current()
    if (link !== 'idle') world.report({ invariant: 'I11', detail: `device ${device.name} ends ${link}` })
  }
  const meta = metaOf(device)
  if (meta?.recovery) world.report({ invariant: 'I11', detail: `device ${device.name} is still recovering` })
  if (meta?.first_load.phase !== 'done') {
    world.report({ invariant: 'I11', detail: `device ${device.name} is still loading` })
  }
}

/** I1: every device shows what the server has. */
function checkSame(world: World, device: VirtualDevice, rows: ReadonlyMap<string, SyncRow>): void {
  const own = deviceRows(device.disk)
  for (const name of new Set([...rows.keys(), ...own.keys()])) {
    const [there, here] = [canonical(rows.get(name)), canonical(own.get(name))]
    if (there !== here) {
      world.report({ invariant: 'I1', detail: `device ${device.name}, ${name}: ${here} instead of ${there}` })
    }
  }
}

function canonical(row: SyncRow | undefined): string {
  if (row === undefined || row.purged) return 'nothing'
  const fields = Object.entries(row).filter(([field]) => field !== 'era')
  return JSON.stringify(Object.fromEntries(fields.toSorted(([left], [right]) => (left < right ? -1 : 1))))
}

/** Whose author still has the disk it was made on; after `replace` only what came later counts. */
function counts(
  world: World,
  act: { readonly disk: MemoryDisk; readonly madeAt: number; readonly mid: string },
): boolean {
  if (world.emptied.has(act.disk) || act.disk.aside.length > 0) return false
  return world.schedule.profile !== 'replace' || world.restoredAt === null
}

/** I2, I5: no accepted write is followed by one that its author had already seen; with right clocks the last one stands. */
function checkWrites(world: World, rows: ReadonlyMap<string, SyncRow>): void {
  const { oracle } = world
  for (const write of oracle.writes) {
    const row = rows.get(write.row)
    if (!counts(world, write) || row === undefined || row.purged || isLost(write.disk, write.mid)) continue
    const value = row[write.field]
    const isOlder = typeof value !== 'string' || oracle.isAncestor(value, write.value)
    if (value !== write.value && isOlder) {
      world.report({
        invariant: 'I2',
        detail: `${write.row}.${write.field} ends as ${String(value)}, before ${write.value}`,
      })
    }
    const standing = oracle.writes.find(other => other.value === value)
    if (standing !== undefined && hasRightClocks(world) && standing.madeAt + CLOCK_ERROR_MS < write.madeAt) {
      world.report({ invariant: 'I5', detail: `${write.value} lost against ${standing.value}, which is older` })
    }
  }
}

/** A reply's way back is taken for a difference of clocks. */
const CLOCK_ERROR_MS = 3100

function hasRightClocks({ schedule }: World): boolean {
  return PROFILES[schedule.profile].maxSkewMs === 0
}

/** I3: what somebody made is there, unless somebody purged it, or it lies where its author finds it. */
function checkInserts(world: World, rows: ReadonlyMap<string, SyncRow>): void {
  for (const insert of world.oracle.inserts) {
    if (!counts(world, insert) || isLost(insert.disk, insert.mid)) continue
    const isPurged = world.oracle.purges.some(
      ({ row }) => row === `${insert.kind}/${insert.id}` || row === `conversations/${String(insert.conversationId)}`,
    )
    const row = rows.get(`${insert.kind}/${insert.id}`)
    if (!isPurged && row === undefined) {
      world.report({ invariant: 'I3', detail: `${insert.kind}/${insert.id} is gone` })
    }
    if (row !== undefined && !row.purged && insert.kind === 'messages' && row['content'] !== insert.content) {
      world.report({ invariant: 'I3', detail: `${insert.id} says ${String(row['content'])}, not ${insert.content}` })
    }
  }
}

/** I4: what was purged stays so. */
function checkPurges(world: World, rows: ReadonlyMap<string, SyncRow>): void {
  for (const purge of world.oracle.purges) {
    if (!counts(world, { ...purge, madeAt: 0 })) continue
    const row = rows.get(purge.row)
    if (row !== undefined && !row.purged) world.report({ invariant: 'I4', detail: `${purge.row} lives again` })
  }
}

/** I13: what any surviving device held when the server was put back is there again: each row, and every word of an answer. */
function checkMerged(world: World, rows: ReadonlyMap<string, SyncRow>): void {
  const answers = [...rows.values()].map(row => row['content']).filter(text => typeof text === 'string')
  for (const { kind, row, disk } of world.heldAtRestore) {
    if (world.emptied.has(disk) || row.purged || isUnanswered(row) || isLost(disk, row.id)) continue
    if (isPurgedBySomeone(world, kind, row)) continue
    const there = rows.get(`${kind}/${row.id}`)
    if (there === undefined) world.report({ invariant: 'I13', detail: `${kind}/${row.id} was not brought back` })
    const { content } = row
    if (typeof content === 'string' && !answers.some(answer => answer.startsWith(content))) {
      world.report({ invariant: 'I13', detail: `“${content}” of ${row.id} was not brought back` })
    }
  }
}

/** I13: `replace` yields the backup, and what was done after it was put back. */
function checkReplaced(
  { backup, restoredAt, oracle, report, strangers }: World,
  rows: ReadonlyMap<string, SyncRow>,
): void {
  if (backup === null || restoredAt === null) return
  const kept = backup.rows
  for (const [name, row] of rows) {
    for (const value of Object.values(row)) {
      const write = oracle.writes.find(other => other.value === value)
      if (write === undefined || strangers.has(write.disk) || write.madeAt >= restoredAt || kept.includes(write.value))
        continue
      report({ invariant: 'I13', detail: `${write.value} in ${name} is newer than the backup that replaced it` })
    }
  }
  for (const { kind, id, madeAt, conversationId } of oracle.inserts) {
    const isPurged = oracle.purges.some(({ row }) => row === `${kind}/${id}` || row.endsWith(String(conversationId)))
    if (madeAt < restoredAt && kept.includes(id) && !isPurged && !rows.has(`${kind}/${id}`)) {
      report({ invariant: 'I13', detail: `${kind}/${id} of the backup is gone` })
    }
  }
}

function isPurgedBySomeone({ oracle }: World, kind: string, row: SyncRow): boolean {
  const conversation = `conversations/${String(row['conversation_id'])}`
  return oracle.purges.some(purge => purge.row === `${kind}/${row.id}` || purge.row === conversation)
}

/** I6, I7: no run is asked twice, each that was accepted was asked, and each call stands in the ledger once. */
function checkRuns(world: World, rows: ReadonlyMap<string, SyncRow>): void {
  const { bill, sqlite } = world.server
  for (const [key, times] of bill.calls) {
    if (times > 1) world.report({ invariant: 'I6', detail: `the provider was called ${times} times for ${key}` })
  }
  const calls = [...bill.calls.keys()]
  for (const { id, state } of sqlite().prepare<[], { id: string; state: string }>('SELECT id, state FROM runs').all()) {
    const wasCalled = calls.some(key => key.startsWith(id))
    if (state === 'done' && !wasCalled && world.restoredAt === null) {
      world.report({ invariant: 'I6', detail: `run ${id} is done and nobody was asked` })
    }
  }
  checkPrompts(world, rows, calls)
  if (world.restoredAt !== null) return
  const ledger = new Set([...rows.values()].map(row => `${String(row['run_id'])}.${String(row['attempt'])}`))
  for (const key of calls) {
    if (!ledger.has(key)) world.report({ invariant: 'I7', detail: `the call ${key} is not in the ledger` })
  }
}

/** I6: a prompt that was neither taken back nor purged has been asked, or its author knows why not. */
function checkPrompts(world: World, rows: ReadonlyMap<string, SyncRow>, calls: readonly string[]): void {
  const { oracle } = world
  const questions = new Set(
    [...rows.values()].flatMap(row => (isRow(row) && !row.purged ? [String(row['run_id'])] : [])),
  )
  for (const [runId, { disk, mid }] of oracle.asked) {
    if (!counts(world, { disk, mid, madeAt: 0 }) || oracle.cancelled.has(runId) || isLost(disk, mid)) continue
    const isAnswered = calls.some(key => key.startsWith(runId)) || questions.has(runId)
    const wasWithdrawn = world.schedule.acts.some(({ kind }) => kind === 'cancel' || kind === 'purge')
    if (!isAnswered && !wasWithdrawn) world.report({ invariant: 'I6', detail: `run ${runId} was never asked` })
  }
}

function isShadow(value: unknown): value is Shadow {
  return typeof value === 'object' && value !== null && 'pending' in value
}
