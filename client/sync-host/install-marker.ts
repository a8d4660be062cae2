import type { LocalDatabase } from '../database/local-database.ts'
import type { LocalStore } from '../platform/local-store.ts'

const KEY = 'llmr-install'

/**
 * True when this database is not the one that was here before: the browser has thrown that one away, as Safari does after seven
 * days without a visit. Browsers spare `localStorage` more often than IndexedDB (matrix-js-sdk saw it so). Told once.
 */
export async function wasEvicted({ install }: LocalDatabase, marker: LocalStore): Promise<boolean> {
  const id = (await install.get('install'))?.id
  if (id === undefined) return false
  const known = marker.get(KEY)
  if (known !== id) marker.set(KEY, id)
  return known !== null && known !== id
}
