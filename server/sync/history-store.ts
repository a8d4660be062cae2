import type { RestorePolicy } from '#shared/sync-rules.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'
import type { WriteTransaction } from '../database/writer.ts'

export type Epoch = { readonly id: string; readonly policy: RestorePolicy }

/** All histories this database has gone through, oldest first; the last one is current (R10). */
export function listEpochs(sqlite: Sqlite): Epoch[] {
  return prepare<Epoch>(sqlite, 'SELECT id, policy FROM epochs ORDER BY number').all()
}

/** The current epoch, or undefined in a database that never had one. */
export function currentEpoch(sqlite: Sqlite): string | undefined {
  return prepare<{ id: string }>(sqlite, 'SELECT id FROM epochs ORDER BY number DESC LIMIT 1').get()?.id
}

/** Begins a new history: devices that know the one before find out at their next call. Returns its name. */
export function mintEpoch(transaction: WriteTransaction, policy: RestorePolicy): string {
  const id = transaction.makeId()
  prepare(transaction.sqlite, 'INSERT INTO epochs (id, policy, minted_at) VALUES (?, ?, ?)').run(
    id,
    policy,
    transaction.now,
  )
  return id
}

/** The nonce of the transaction that gave out this position; empty for 0 and for positions beyond the head. */
export function nonceAt(sqlite: Sqlite, rev: number): string {
  if (rev === 0) return ''
  const found = prepare<{ nonce: string }>(
    sqlite,
    'SELECT nonce FROM history WHERE last_rev >= ? ORDER BY last_rev LIMIT 1',
  ).get(rev)
  return found?.nonce ?? ''
}
