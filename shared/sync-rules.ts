import type { SyncRow } from './sync-row.ts'

/** When a field was set, and by which device: decides conflicts and nothing else (the feed's order is the server's `rev`). */
export type FieldClock = readonly [ms: number, device: string]

/** Field → its clock; an absent field has the clock of the row's creation. */
export type FieldClocks = Readonly<Record<string, FieldClock>>

/** Field → the value that somebody set, and when. */
export type FieldSets = Readonly<Record<string, readonly [value: unknown, at: FieldClock]>>

/** R4: the higher time wins, then the higher device id. */
export function isLater(left: FieldClock, right: FieldClock): boolean {
  return left[0] === right[0] ? left[1] > right[1] : left[0] > right[0]
}

/** R4: an edit made after seeing a value always beats it, whatever the clocks say. */
export function nextClock(nowMs: number, replaced: FieldClock, device: string): FieldClock {
  return [Math.max(nowMs, replaced[0] + 1), device]
}

/** The clock of each field that a row's clocks do not name. Only its time counts: nobody can edit a row before it is there. */
export function clockOfCreation(createdAtMs: number): FieldClock {
  return [createdAtMs, '']
}

/** The same for a row as a device keeps it. */
export function creationClock(row: SyncRow): FieldClock {
  const createdAt = row['created_at']
  return clockOfCreation(typeof createdAt === 'number' ? createdAt : 0)
}

/** The device under whose name the server stamps what it changes by itself. */
export const SERVER_DEVICE = 'server'

export type MergedFields = {
  /** The fields whose value was replaced. */
  readonly changed: Readonly<Record<string, unknown>>
  readonly clocks: FieldClocks
  /** The sets that came too late: a newer value stands. */
  readonly lost: FieldSets
}

/** R4 for a whole row: takes over each set that is later than what stands; the same set again changes nothing. */
export function mergeFields(clocks: FieldClocks, createdAt: FieldClock, sets: FieldSets): MergedFields {
  const changed: Record<string, unknown> = {}
  const merged: Record<string, FieldClock> = { ...clocks }
  const lost: Record<string, readonly [unknown, FieldClock]> = {}
  for (const [field, [value, at]] of Object.entries(sets)) {
    const standing = merged[field] ?? createdAt
    if (isLater(at, standing)) {
      changed[field] = value
      merged[field] = at
    } else if (isLater(standing, at)) {
      lost[field] = [value, at]
    }
  }
  return { changed, clocks: merged, lost }
}

/** Where a server's history stands, and what it knows of one device. */
export type ServerStand = {
  readonly epoch: string
  readonly head: number
  /** The nonce of the transaction that holds this position; empty for 0, and for what was never written. */
  readonly nonceAt: (rev: number) => string
  /** The last mutation of the device that is applied. */
  readonly lastN: number
}

/** What a device says of the history it knows. */
export type DeviceStand = {
  readonly epoch: string | null
  readonly cursor: readonly [rev: number, nonce: string] | null
  readonly ack_n: number
}

/**
 * R10: tells whether a device stands on another history. `rollback` is the proof that this server has forgotten something, so
 * that it has to begin a new epoch; `epoch` says that it did so already. Null when both know the same past.
 */
export function findFork(server: ServerStand, device: DeviceStand): 'epoch' | 'rollback' | null {
  if (device.epoch === null) return null
  if (device.epoch !== server.epoch) return 'epoch'
  const [rev, nonce] = device.cursor ?? [0, '']
  if (rev > server.head || server.nonceAt(rev) !== nonce || device.ack_n > server.lastN) return 'rollback'
  return null
}

type Numbered = { readonly n: number; readonly mid: string }

/**
 * R3: which mutations of a push are new. `device-cloned` when a number was used for something else before: two devices share an
 * id. `gap` when one before these is missing; then nothing may be applied.
 */
export function judgePush<Pushed extends Numbered>(
  pushed: readonly Pushed[],
  lastN: number,
  midOf: (n: number) => string | null,
): readonly Pushed[] | 'gap' | 'device-cloned' {
  if (pushed.some(({ n, mid }) => n <= lastN && midOf(n) !== mid)) return 'device-cloned'
  const fresh = pushed.filter(({ n }) => n > lastN)
  return fresh.every(({ n }, index) => n === lastN + 1 + index) ? fresh : 'gap'
}

/** After a restore, devices bring back what they still hold (`merge`), or put it aside and take the backup (`replace`). */
export type RestorePolicy = 'merge' | 'replace'

/** R10: what a device of epoch `known` has to do: `replace` when the person wanted newer work gone in any restore since. */
export function policySince(
  epochs: readonly { readonly id: string; readonly policy: RestorePolicy }[],
  known: string,
): RestorePolicy {
  const index = epochs.findIndex(({ id }) => id === known)
  // An epoch that the restored database never heard of branched off before the last restore.
  const since = index < 0 ? epochs.slice(-1) : epochs.slice(index + 1)
  return since.some(({ policy }) => policy === 'replace') ? 'replace' : 'merge'
}

/** R5: a tombstone absorbs whatever still comes for its row. */
function absorbs(row: { readonly purged: number }): boolean {
  return row.purged !== 0
}

/** The rules of the protocol that the server keeps. Its core takes them as an argument, so that a test can break one. */
export const SERVER_RULES = { mergeFields, findFork, judgePush, policySince, absorbs }

export type ServerRules = Readonly<typeof SERVER_RULES>
