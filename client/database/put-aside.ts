import type { Clock } from '#shared/clock.ts'
import type { SyncStore, SyncTables } from '../sync/sync-store.ts'
import { LocalDatabase, SYNC_TABLES } from './local-database.ts'

const CHUNK = 500
const KEPT_MS = 30 * 24 * 60 * 60 * 1000
const ASIDE_NAME = /^llmr-aside-(\d+)$/

/**
 * Copies the database to one of another name and empties it, drafts apart: they belong to no history. IndexedDB cannot rename.
 * When something was edited while it was being copied, it is copied again.
 */
export async function putAside(
  { store, database, clock }: { readonly store: SyncStore; readonly database: LocalDatabase; readonly clock: Clock },
  device: string,
): Promise<void> {
  if (!(await store.transaction('read', tables => isDevice(tables, device)))) return
  const aside = new LocalDatabase(`llmr-aside-${clock.now()}`)
  try {
    let isDone = false
    while (!isDone) {
      for (const name of SYNC_TABLES) await copyTable(database, aside, name)
      const { mut, untold, parcels } = aside
      const copied = JSON.stringify([await mut.toArray(), await untold.toArray(), await parcels.toArray()])
      isDone = await store.transaction('durable-write', async tables => {
        if (!(await isDevice(tables, device))) return true
        const own = [await tables.mut.range({}), await tables.untold.range({}), await tables.parcels.range({})]
        if (JSON.stringify(own) !== copied) return false
        for (const table of Object.values(tables)) await table.deleteRange({})
        return true
      })
    }
  } finally {
    aside.close()
  }
}

/** Deletes what was put aside more than 30 days ago; `names` are those of all databases of this origin. */
export async function dropOldAsides(names: readonly string[], clock: Clock): Promise<void> {
  for (const name of names) {
    const madeAt = ASIDE_NAME.exec(name)?.[1]
    if (madeAt !== undefined && Number(madeAt) < clock.now() - KEPT_MS) await LocalDatabase.delete(name)
  }
}

async function isDevice(tables: SyncTables, device: string): Promise<boolean> {
  return (await tables.meta.get('sync'))?.device === device
}

async function copyTable(from: LocalDatabase, to: LocalDatabase, name: keyof SyncTables): Promise<void> {
  await to.table(name).clear()
  let rows = await from.table(name).orderBy(':id').limit(CHUNK).toArray()
  while (rows.length > 0) {
    await to.table(name).bulkPut(rows)
    const { extractKey } = from.table(name).core.schema.primaryKey
    rows = await from
      .table(name)
      .where(':id')
      .above(extractKey?.(rows.at(-1)))
      .limit(CHUNK)
      .toArray()
  }
}
