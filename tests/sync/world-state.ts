import type { SyncRow } from '#shared/sync-row.ts'
import { type MemoryDisk, rowsOf } from '../../client/database/memory-disk.ts'
import { isMeta, type Oracle, type Violation } from './oracle.ts'
import type { Schedule } from './schedule.ts'
import type { VirtualDevice } from './virtual-device.ts'
import type { VirtualServer } from './virtual-server.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A row as one device showed it. */
export type HeldRow = { readonly kind: string; readonly row: SyncRow; readonly disk: MemoryDisk }

/** All that a check may look at. */
export type World = {
  readonly schedule: Schedule
  readonly time: VirtualTime
  readonly server: VirtualServer
  readonly devices: VirtualDevice[]
  readonly oracle: Oracle
  readonly report: (violation: Violation) => void
  /** True from when everything works again. */
  isMended: boolean
  /** When the server was put back; null before. */
  restoredAt: number | null
  /** What all devices showed at that moment. */
  heldAtRestore: readonly HeldRow[]
  /** Disks of devices that had not met the server by then: what they have to say belongs to no history. */
  readonly strangers: Set<MemoryDisk>
  /** The copy of the database, and its rows as text. */
  backup: { readonly file: Buffer; readonly rows: string } | null
  /** Disks that have lost what they held: nothing can be asked of what their users did. */
  readonly emptied: Set<unknown>
}

export function metaOf(device: VirtualDevice) {
  const [meta] = rowsOf(device.disk, 'meta')
  return isMeta(meta) ? meta : null
}
