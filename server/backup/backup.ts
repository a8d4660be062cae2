import { existsSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '#shared/errors.ts'
import { copyDatabase, flushToDisk, removeDatabase } from './copy-database.ts'

/**
 * Writes the database to one file, while a server may be running on it: all that was committed when it began is in it. Throws
 * AppError `conflict` where there is a file already, for that may be the only good backup.
 */
export async function backUp(options: { readonly databasePath: string; readonly file: string }): Promise<void> {
  const { databasePath, file } = options
  if (existsSync(file)) throw new AppError('conflict', `There is already a file at ${file}. Choose another name.`)
  const partial = `${file}.partial`
  try {
    await copyDatabase(databasePath, partial)
    renameSync(partial, file)
    flushToDisk(dirname(file))
  } finally {
    removeDatabase(partial)
  }
}
