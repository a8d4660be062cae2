import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { makeId } from '#shared/ids.ts'
import { DATABASE_NAME, LocalDatabase } from './local-database.ts'

/** Why this device keeps nothing. */
export type UnavailableReason =
  /** The browser refuses to store: a private window, blocked cookies, no room at all. */
  | 'refused'
  /** It does not answer. */
  | 'silent'
  /** It cannot read what it has stored. */
  | 'damaged'
  /** A newer version of this program has made it: this page has to be loaded anew. Nothing is deleted. */
  | 'newer'

export type OpenedDatabase =
  | { readonly kind: 'open'; readonly database: LocalDatabase }
  | { readonly kind: 'unavailable'; readonly reason: UnavailableReason; readonly cause: unknown }

export type OpenOptions = {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly scheduler: Scheduler
  readonly name?: string
  /**
   * Called before the database closes by itself. `upgraded`: another tab runs a newer version; this page has to be loaded anew,
   * and writes nothing more. `deleted`: it was deleted, or the browser closed it; it opens at the next use, and may be empty then.
   */
  readonly onClosing: (reason: 'upgraded' | 'deleted') => void
  /** An old tab keeps the database from being upgraded: it has to be closed. Until then nothing is opened. */
  readonly onBlocked: () => void
}

const PATIENCE_MS = 5000

/** Opens the database of this device, with a second try. Never throws, never deletes. */
export async function openLocalDatabase(options: OpenOptions): Promise<OpenedDatabase> {
  const first = await tryOpen(options)
  if (first.kind === 'open' || first.reason === 'newer') return first
  return tryOpen(options)
}

async function tryOpen(options: OpenOptions): Promise<OpenedDatabase> {
  const database = new LocalDatabase(options.name ?? DATABASE_NAME)
  const stopWatching = watchOpening(database, options)
  database.on('populate', () => {
    void database.install.add({ key: 'install', id: makeId(options.clock.now(), options.randomBytes) })
  })
  try {
    await database.open()
    // Dexie opens a newer database as it is; what this version would write there is not its business.
    if (database.backendDB().version > database.verno * 10) {
      database.close()
      return { kind: 'unavailable', reason: 'newer', cause: null }
    }
    followClosing(database, options.onClosing)
    return { kind: 'open', database }
  } catch (cause) {
    return { kind: 'unavailable', reason: reasonOf(cause), cause }
  } finally {
    stopWatching()
  }
}

/** Some browsers never answer the first `open` (Safari 14), and a broken disk may take for ever. Waiting for an old tab is no silence. */
function watchOpening(database: LocalDatabase, { scheduler, onBlocked }: OpenOptions): () => void {
  const stop = scheduler.after(PATIENCE_MS, () => database.close())
  database.on('blocked', () => {
    stop()
    onBlocked()
  })
  return stop
}

function followClosing(database: LocalDatabase, onClosing: OpenOptions['onClosing']): void {
  database.on('versionchange', ({ newVersion }) => {
    const isDeleted = newVersion === null
    onClosing(isDeleted ? 'deleted' : 'upgraded')
    // Closed in this very task, or the other tab waits. After an upgrade this page must not open it again by itself.
    database.close({ disableAutoOpen: !isDeleted })
    return false
  })
  const followConnection = (): void => {
    database.backendDB().addEventListener('close', () => onClosing('deleted'))
  }
  // Sticky: for this connection, and for each that takes its place.
  database.on('ready', followConnection, true)
}

function reasonOf(cause: unknown): UnavailableReason {
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'DatabaseClosedError') return 'silent'
  return name === 'UnknownError' ? 'damaged' : 'refused'
}
