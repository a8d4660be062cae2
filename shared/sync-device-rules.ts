import { mergeUp, rescueAnswer } from './sync-merge-up.ts'
import { overlayRow } from './sync-overlay.ts'
import type { SyncRow } from './sync-row.ts'
import { nextClock } from './sync-rules.ts'
import type { Cursor, SyncTrailer } from './wire/sync.ts'

/** What a device knows of the numbers it has used. */
type NumbersUsed = {
  /** The last acknowledged mutation. */
  readonly ack: readonly [n: number, mid: string]
  /** The number the next mutation gets. */
  readonly next_n: number
}

/** R2: a queued mutation may be changed only while no server can have seen it; later it is followed by another one. */
function mayEditInPlace(mutation: { readonly sent: boolean }): boolean {
  return !mutation.sent
}

/** R3: a number alone proves nothing, for a copied device counts on from the same number. `mid` is null for one that is retired. */
function isOwnAck(ack: SyncTrailer['ack'], mid: string | null, used: NumbersUsed): boolean {
  const [n, ackMid] = ack
  if (n === 0) return true
  if (mid !== null) return mid === ackMid
  if (n === used.ack[0]) return ackMid === used.ack[1]
  return n < used.ack[0]
}

/** R5: a tombstone refuses whatever else still comes for its row. */
function isAbsorbed(stored: SyncRow | null): boolean {
  return stored?.purged === true
}

/** R6: only a later version replaces a stored one, so pages may come twice and in any order. */
function isNewer(incoming: SyncRow, stored: SyncRow | null): boolean {
  return stored === null || stored.era < incoming.era || (stored.era === incoming.era && stored.rev < incoming.rev)
}

/** R6: the cursor moves only on from where the page began. */
function mayAdvance(from: number, cursor: Cursor | null): boolean {
  return from === (cursor?.[0] ?? 0)
}

/** R7: an acknowledged mutation stays visible until a whole pull, up to where the server stood when it acknowledged, is applied. */
function mayRetire(
  mutation: { readonly acked: number | null },
  state: { readonly cursor: number; readonly more: boolean },
): boolean {
  return !state.more && mutation.acked !== null && mutation.acked <= state.cursor
}

/** R9: the next page begins behind the last row of this one; `head` is further while there is more. */
function nextCursor(trailer: Pick<SyncTrailer, 'next' | 'head'>): Cursor {
  return trailer.next
}

/** R10: an answer from another history is never taken in. */
function isSameHistory(epoch: string, known: string | null): boolean {
  return known === null || epoch === known
}

/** R11: until the server's whole state is here, nothing is pushed to it. */
function mayPush(state: { readonly recovery: unknown }): boolean {
  return state.recovery === null
}

/** The rules of the protocol that a device keeps (R1 is in `makeId`). The engine takes them as an argument, so that a test can break one. */
export const DEVICE_RULES = {
  mayEditInPlace,
  isOwnAck,
  nextClock,
  isAbsorbed,
  isNewer,
  mayAdvance,
  mayRetire,
  overlayRow,
  nextCursor,
  isSameHistory,
  mayPush,
  mergeUp,
  rescueAnswer,
}

export type DeviceRules = Readonly<typeof DEVICE_RULES>
