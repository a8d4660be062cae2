import type { LocalDatabase } from '../database/local-database.ts'
import type { LedgerCall } from '../usage/ledger-call.ts'
import type { Period } from '../usage/periods.ts'
import type { SettingValues } from './device.ts'
import { parseLedgerRow } from './parse.ts'
import { parseSettings } from './parse-settings.ts'

export async function readLedger(
  { usage_logs }: LocalDatabase,
  { fromMs, toMs }: Period,
): Promise<readonly LedgerCall[]> {
  const rows = await usage_logs.where('timestamp').between(fromMs, toMs, true, false).toArray()
  return rows.flatMap(row => parseLedgerRow(row) ?? [])
}

export async function readLedgerStart({ usage_logs }: LocalDatabase): Promise<number | null> {
  const timestamp = (await usage_logs.orderBy('timestamp').first())?.['timestamp']
  return typeof timestamp === 'number' ? timestamp : null
}

export async function readTitles(
  { conversations }: LocalDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await conversations.bulkGet([...ids])
  return new Map(rows.flatMap(row => (typeof row?.['title'] === 'string' ? [[row.id, row['title']]] : [])))
}

export async function readSettings({ settings }: LocalDatabase): Promise<SettingValues> {
  return parseSettings(await settings.toArray())
}
