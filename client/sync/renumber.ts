import { openUnpacked } from './parcel.ts'
import { newId, type SyncContext } from './sync-meta.ts'
import type { StoredMutation, SyncTables } from './sync-store.ts'

/** Gives mutations other numbers, in the log and in the shadows that point to them. */
export async function renumber(
  tables: SyncTables,
  mutations: readonly StoredMutation[],
  numberOf: (mutation: StoredMutation, index: number) => number,
): Promise<void> {
  const numbers = new Map(mutations.map((mutation, index) => [mutation.n, numberOf(mutation, index)]))
  await tables.mut.delete([...numbers.keys()])
  await tables.mut.putMany(mutations.map(mutation => ({ ...mutation, n: numbers.get(mutation.n) ?? mutation.n })))
  const shadows = await tables.shadow.range({})
  const moved = shadows.filter(({ pending }) => pending.some(n => numbers.has(n)))
  await tables.shadow.putMany(
    moved.map(shadow => ({ ...shadow, pending: shadow.pending.map(n => numbers.get(n) ?? n) })),
  )
}

/**
 * R3: another device goes by this one's id, as after a phone's backup was put on a second phone. This copy takes a new one and
 * tells all again that is not acknowledged; what is, moves below the first number and waits there to be retired (R7).
 */
export async function becomeNewDevice(tables: SyncTables, context: SyncContext, device: string): Promise<void> {
  const { meta } = await openUnpacked(tables, context)
  if (meta.device !== device) return
  const identity = { device: newId(context), ack: [0, ''] } as const
  if (meta.recovery !== null) return tables.meta.put({ ...meta, ...identity })
  const log = await tables.mut.range({})
  const waiting = log.filter(({ acked }) => acked === null)
  const settled = log.filter(({ acked }) => acked !== null)
  await renumber(tables, settled, (_, index) => index + 1 - settled.length)
  await renumber(tables, waiting, (_, index) => index + 1)
  await tables.meta.put({ ...meta, ...identity, next_n: waiting.length + 1 })
}
