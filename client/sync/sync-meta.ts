import type { Clock, RandomBytes } from '#shared/clock.ts'
import { makeId } from '#shared/ids.ts'
import type { DeviceRules } from '#shared/sync-device-rules.ts'
import type { SyncMeta, SyncStore, SyncTables } from './sync-store.ts'

/** What every part of the engine works with. Nothing else in it knows the time, chance or the store. */
export type SyncContext = {
  readonly store: SyncStore
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly rules: DeviceRules
}

/** While a restored server is read, the user's own mutations get numbers from here on: those that merge up go first (R11). */
export const PARKED_NUMBERS = 2 ** 40

/** What this device knows of itself; a store that was just made, or evicted, gets a new device. */
export async function readMeta(tables: SyncTables, context: SyncContext): Promise<SyncMeta> {
  return (await tables.meta.get('sync')) ?? newMeta(context)
}

/** A device that nobody knows yet. */
export function newMeta(context: SyncContext): SyncMeta {
  return {
    key: 'sync',
    device: newId(context),
    era: 0,
    epoch: null,
    cursor: null,
    ack: [0, ''],
    next_n: 1,
    recovery: null,
    first_load: { phase: 'boot' },
    listed_at: 0,
    offset_ms: 0,
    synced_at: null,
  }
}

export function newId({ clock, randomBytes }: SyncContext): string {
  return makeId(clock.now(), randomBytes)
}

/** The server's time as well as this device knows it (R4). */
export function serverNow(meta: SyncMeta, { clock }: SyncContext): number {
  return clock.now() + meta.offset_ms
}
