/** Held by whoever writes so much that what only follows the database had better wait. */
const LOCK = 'bulk'

/** Does the work while others can see that it goes on. Two at once are done side by side. */
export function holdBulkLock<Result>(locks: LockManager | null, work: () => Promise<Result>): Promise<Result> {
  // Plain HTTP has no locks.
  return locks === null ? work() : locks.request(LOCK, { mode: 'shared' }, work)
}

/** Whether somebody holds it, in whatever tab or worker; a worker that is ended lets go of it. */
export async function isBulkLockHeld(locks: LockManager | null): Promise<boolean> {
  return locks !== null && !(await locks.request(LOCK, { ifAvailable: true }, async lock => lock !== null))
}
