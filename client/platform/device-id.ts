import { isId } from '#shared/ids.ts'
import type { LocalStore } from './local-store.ts'

const KEY = 'llmr-device-id'

/** The id that names this browser profile in the ledger; made once. */
export function deviceId(store: LocalStore, makeId: () => string): string {
  const known = store.get(KEY)
  if (isId(known)) return known
  const made = makeId()
  store.set(KEY, made)
  return made
}
