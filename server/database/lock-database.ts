import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '#shared/errors.ts'

/**
 * Keeps a second server off the same data: each would take the other's running answers for those of a dead process. The lock is
 * an open transaction in a file of its own, so the system gives it back however the process ends. Returns how to let go.
 */
export function lockDatabase(path: string): () => void {
  const lock = new BetterSqlite3(path, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new AppError(
      'conflict',
      'Another LLM Router is running on the same DATABASE_PATH. Stop it first, or give this one a database of its own.',
      { field: 'DATABASE_PATH', cause },
    )
  }
  return () => lock.close()
}
