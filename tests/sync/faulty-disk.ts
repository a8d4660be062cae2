import { AppError } from '#shared/errors.ts'
import { createMemoryDisk, type MemoryDisk, type Writes } from '../../client/database/memory-disk.ts'

/** A disk that can be copied, and made to fail. */
export type FaultyDisk = MemoryDisk & {
  /** Makes every commit fail that writes. */
  fault: 'none' | 'full' | 'lost'
  /** Messages that have room here: a commit that adds to them and comes to more fails. */
  room: number
}

export function createFaultyDisk(): FaultyDisk {
  const disk: FaultyDisk = { ...createMemoryDisk(), fault: 'none', room: Number.POSITIVE_INFINITY }
  disk.refuse = writes => errorOf(disk, writes)
  return disk
}

/** A second disk with the same content, as a phone's backup makes one. */
export function copyDisk({ tables }: FaultyDisk): FaultyDisk {
  const copy = createFaultyDisk()
  copy.tables = structuredClone(tables)
  return copy
}

function errorOf(disk: FaultyDisk, { messages }: Writes): AppError | null {
  if (disk.fault === 'lost') {
    return new AppError('internal', 'The connection to the database was lost.', { retryable: true })
  }
  const stored = disk.tables.messages
  let added = 0
  for (const [key, row] of messages) added += Number(row !== undefined) - Number(stored.has(key))
  const isOverfull = added > 0 && stored.size + added > disk.room
  if (disk.fault !== 'full' && !isOverfull) return null
  return new AppError('disk-full', 'This device has no room left.', { retryable: true })
}
