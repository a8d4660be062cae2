import { resolve } from 'node:path'
import type { Clock, RandomBytes } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { backUp } from './backup.ts'
import { restore } from './restore.ts'

type CommandOptions = {
  readonly databasePath: string
  /** Where the person stands: npm itself goes to the project's folder. */
  readonly folder: string
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly say: (line: string) => void
}

const USAGE = 'Say npm run backup -- FILE, or npm run restore -- FILE [--replace].'

/** Does what the words behind the program's name ask for. Throws AppError with what would be right. */
export async function runCommand(words: readonly string[], options: CommandOptions): Promise<void> {
  const [command, ...rest] = words
  const [name, ...others] = rest.filter(word => word !== '--replace')
  const isReplacing = rest.includes('--replace')
  if (name === undefined || name.startsWith('-') || others.length > 0) throw new AppError('bad-request', USAGE)
  const file = resolve(options.folder, name)
  if (command === 'restore') return restoreFrom(file, isReplacing, options)
  if (command !== 'backup' || isReplacing) throw new AppError('bad-request', USAGE)
  await backUp({ databasePath: options.databasePath, file })
  options.say(`The database is in ${file}, whole and checked.`)
}

async function restoreFrom(file: string, isReplacing: boolean, options: CommandOptions): Promise<void> {
  const kept = await restore({ ...options, file, policy: isReplacing ? 'replace' : 'merge' })
  options.say(`${file} is in place.${kept === null ? '' : ` What was there before is kept as ${kept}.`}`)
  options.say(
    isReplacing
      ? 'Devices put what is newer aside, and take what is in the backup.'
      : 'Devices bring back what is newer and still with them. To have it gone instead, restore with --replace.',
  )
}
