import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'
import type { WriteTransaction } from '../database/writer.ts'

/** What the server keeps of a device, for ever: a number that was used once must never be taken for a new one. */
export type StoredDevice = {
  readonly id: string
  readonly user_id: number
  readonly last_n: number
  readonly schema: number
  readonly seen_at: number
}

/** The mutation ids that are kept of each device, to tell a repeated mutation from another device's with the same number. */
const KEPT_MUTATIONS = 512

export function findDevice(sqlite: Sqlite, id: string): StoredDevice | undefined {
  return prepare<StoredDevice>(sqlite, 'SELECT id, user_id, last_n, schema, seen_at FROM devices WHERE id = ?').get(id)
}

/** The devices of a user, the last seen first. */
export function listDevices(
  sqlite: Sqlite,
  userId: number,
): readonly { readonly id: string; readonly seen_at: number }[] {
  return prepare<{ id: string; seen_at: number }>(
    sqlite,
    'SELECT id, seen_at FROM devices WHERE user_id = ? ORDER BY seen_at DESC, id',
  ).all(userId)
}

/** The id of the device's mutation `n`; null when it is not known, or no more. */
export function mutationIdAt(sqlite: Sqlite, deviceId: string, n: number): string | null {
  const found = prepare<{ mid: string }>(sqlite, 'SELECT mid FROM device_mutations WHERE device_id = ? AND n = ?').get(
    deviceId,
    n,
  )
  return found?.mid ?? null
}

/** Notes that a device was here, and which schema it speaks. */
export function saveDevice(
  transaction: WriteTransaction,
  device: { readonly id: string; readonly userId: number; readonly lastN: number; readonly schema: number },
): void {
  prepare(
    transaction.sqlite,
    `INSERT INTO devices (id, user_id, last_n, schema, seen_at) VALUES (@id, @userId, @lastN, @schema, @now)
     ON CONFLICT (id) DO UPDATE SET last_n = excluded.last_n, schema = excluded.schema, seen_at = excluded.seen_at`,
  ).run({ ...device, now: transaction.now })
}

/** R3: remembers a mutation under its number, in the transaction of its effects. */
export function saveMutationId(transaction: WriteTransaction, deviceId: string, n: number, mid: string): void {
  const { sqlite } = transaction
  prepare(sqlite, 'INSERT INTO device_mutations (device_id, n, mid) VALUES (?, ?, ?)').run(deviceId, n, mid)
  prepare(sqlite, 'DELETE FROM device_mutations WHERE device_id = ? AND n <= ?').run(deviceId, n - KEPT_MUTATIONS)
}
