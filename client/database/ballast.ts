import type { RandomBytes } from '#shared/clock.ts'
import type { LocalDatabase } from './local-database.ts'

const BALLAST_BYTES = 1024 * 1024
/** The most that browsers give at a time. */
const MOST_RANDOM_BYTES = 65_536

/**
 * Keeps a megabyte that stands for nothing, so that what the user has just written can be saved when the device is full: what
 * the sync pulls fills a disk, and a prompt must not be what finds it so. False when there is no room for it either.
 */
export async function layBallast({ ballast }: LocalDatabase, randomBytes: RandomBytes): Promise<boolean> {
  if ((await ballast.count()) > 0) return true
  // Browsers compress what they store; of noise nothing is spared.
  const bytes = new Uint8Array(BALLAST_BYTES)
  for (let start = 0; start < BALLAST_BYTES; start += MOST_RANDOM_BYTES)
    bytes.set(randomBytes(MOST_RANDOM_BYTES), start)
  try {
    await ballast.put({ key: 'ballast', bytes })
    return true
  } catch (error) {
    if (isNoRoom(error)) return false
    throw error
  }
}

/** Lets the ballast go; false when there was none. */
export async function dropBallast({ ballast }: LocalDatabase): Promise<boolean> {
  if ((await ballast.count()) === 0) return false
  await ballast.clear()
  return true
}

function isNoRoom(error: unknown): boolean {
  return error instanceof Error && (error.name === 'QuotaExceededError' || error.name === 'AbortError')
}
