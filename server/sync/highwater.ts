import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import * as v from 'valibot'
import type { Scheduler } from '#shared/clock.ts'
import type { Sqlite } from '../database/open-database.ts'
import type { Writer } from '../database/writer.ts'
import { errorFields, type Log } from '../log.ts'
import { currentEpoch, listEpochs, mintEpoch, nonceAt } from './history-store.ts'

/** How far the feed has come, as it is noted beside the database. */
type Highwater = { readonly epoch: string; readonly rev: number; readonly nonce: string }

const highwaterSchema = v.object({ epoch: v.string(), rev: v.number(), nonce: v.string() })
const WRITE_EVERY_MS = 1000
/** The file beside the database. */
export const HIGHWATER_NAME = 'highwater.json'

/**
 * Begins a new epoch when the database is older than what was noted beside it: somebody has put a copy of the file back, and
 * devices may hold work that it has forgotten. Returns true then.
 */
export function checkHighwater(writer: Writer, path: string, log: Log): boolean {
  const noted = readHighwater(path, log)
  if (!noted || !isBehind(writer.sqlite, writer.head(), noted)) return false
  writer.write(transaction => mintEpoch(transaction, 'merge'))
  log.info('database-was-put-back', { head: writer.head(), noted: noted.rev })
  return true
}

/**
 * Notes the feed's position after commits, at most once a second and flushed to the disk: so it never runs ahead of the database.
 * What comes back writes the last position and ends it.
 */
export function keepHighwater(options: {
  readonly writer: Writer
  readonly path: string
  readonly scheduler: Scheduler
  readonly log: Log
}): () => Promise<void> {
  const { writer, path, scheduler, log } = options
  const closing = new AbortController()
  let writing = Promise.resolve()
  let cancel: (() => void) | null = null

  function write(): Promise<void> {
    cancel = null
    const { sqlite } = writer
    const rev = writer.head()
    const mark = JSON.stringify({ epoch: currentEpoch(sqlite), rev, nonce: nonceAt(sqlite, rev) })
    writing = writing
      .then(() => writeFlushed(path, mark))
      .catch(failed => log.error('highwater-not-written', errorFields(failed)))
    return writing
  }

  writer.onCommit(closing.signal, () => {
    cancel ??= scheduler.after(WRITE_EVERY_MS, () => void write())
  })
  return () => {
    cancel?.()
    if (closing.signal.aborted) return writing
    closing.abort()
    return write()
  }
}

function isBehind(sqlite: Sqlite, head: number, noted: Highwater): boolean {
  const epochs = listEpochs(sqlite)
  if (!epochs.some(({ id }) => id === noted.epoch)) return true
  // An earlier epoch of this database: devices that know it are told so by its name, whatever the positions are.
  if (noted.epoch !== epochs.at(-1)?.id) return false
  return noted.rev > head || nonceAt(sqlite, noted.rev) !== noted.nonce
}

function readHighwater(path: string, log: Log): Highwater | null {
  try {
    return v.parse(highwaterSchema, JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    // A device that knows more still proves it by its cursor.
    if (!isAbsent) log.error('highwater-unreadable', errorFields(error))
    return null
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(text)
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
