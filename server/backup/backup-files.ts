import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { removeDatabase } from './copy-database.ts'

/** One file per backup, named by its moment in UTC: `llm-router-2026-11-23T04-05-06Z.db`. */
const NAME = /^llm-router-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z\.db$/

export function backupFileName(at: number): string {
  return `llm-router-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z.db`
}

/** When the newest backup of the folder was made; null where there is none. */
export function newestBackupAt(folder: string): number | null {
  const newest = listBackups(folder).at(-1)
  return newest === undefined ? null : momentOf(newest)
}

/** Removes all but the newest of our own backups, and what an interrupted one has left. Other files stay. */
export function pruneBackups(folder: string, keep: number): void {
  for (const name of listBackups(folder).slice(0, -keep)) rmSync(join(folder, name))
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.partial') && NAME.test(name.replace(/\.partial$/, ''))) removeDatabase(join(folder, name))
  }
}

function listBackups(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => NAME.test(name))
    .sort()
}

function momentOf(name: string): number {
  return Date.parse(name.replace(NAME, '$1T$2:$3:$4Z'))
}
