const DAY_MS = 24 * 60 * 60 * 1000

/** How long what was deleted stays in the trash before it goes for good. */
export const TRASH_MS = 30 * DAY_MS

/** How many whole or begun days something deleted at `deletedAt` still has, by a clock that may be a little late. */
export function daysLeftInTrash(deletedAt: number, now: number): number {
  return Math.max(0, Math.ceil((deletedAt + TRASH_MS - Math.max(now, deletedAt)) / DAY_MS))
}
