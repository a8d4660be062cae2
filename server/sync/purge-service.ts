import { TRASH_MS } from '#shared/trash.ts'
import type { Writer } from '../database/writer.ts'
import type { RunsService } from '../runs/runs-service.ts'
import { purgeEverything, purgeRow } from './purge-rows.ts'
import { deleteConflictsBefore, listTrash } from './rows-store.ts'

/** Ends what nobody wants any more. */
export interface PurgeService {
  /** Purges what has lain in the trash for 30 days, and forgets lost values after 90. Returns how many rows were purged. */
  emptyTrash(): number
  /** Purges all that the user has; only the ledger keeps its rows. */
  purgeUser(userId: number): void
}

const DAY_MS = 24 * 60 * 60 * 1000
const CONFLICTS_KEPT_MS = 90 * DAY_MS
/** Messages first: those of a conversation go with it. */
const TRASHED_KINDS = ['messages', 'conversations', 'personas', 'attachments'] as const

export function createPurgeService(dependencies: {
  readonly writer: Writer
  readonly runs: Pick<RunsService, 'stop'>
}): PurgeService {
  const { writer, runs } = dependencies

  function emptyTrash(): number {
    const { stopped, count } = writer.write(transaction => {
      const trash = TRASHED_KINDS.flatMap(kind =>
        listTrash(transaction.sqlite, kind, transaction.now - TRASH_MS).map(row => ({ kind, row })),
      )
      deleteConflictsBefore(transaction, transaction.now - CONFLICTS_KEPT_MS)
      return { stopped: trash.flatMap(({ kind, row }) => purgeRow(transaction, kind, row)), count: trash.length }
    })
    runs.stop(stopped)
    return count
  }

  return {
    emptyTrash,
    purgeUser: userId => runs.stop(writer.write(transaction => purgeEverything(transaction, userId))),
  }
}
