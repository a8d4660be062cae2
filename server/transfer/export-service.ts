import type { Clock } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { UsageLog } from '#shared/records.ts'
import { exportName, exportPieces } from '#shared/transfer/export-file.ts'
import type { ExportFormat } from '#shared/transfer/export-formats.ts'
import type { FileChat } from '#shared/transfer/file-format.ts'
import type { Sqlite } from '../database/open-database.ts'
import { findFileChat, listExportIds, listUsageAfter } from './transfer-store.ts'

type ExportRequest = {
  readonly format: ExportFormat
  /** Null: all of them. */
  readonly conversations: readonly string[] | null
  readonly withUsage: boolean
}

type ExportedFile = {
  readonly name: string
  readonly mediaType: string
  readonly pieces: AsyncGenerator<string | Uint8Array>
}

export interface ExportService {
  /** A file, read from the database while it is written out. Throws AppError `not-found` for an id that is not there. */
  export(userId: number, request: ExportRequest): ExportedFile
}

export function createExportService({
  sqlite,
  clock,
}: {
  readonly sqlite: Sqlite
  readonly clock: Clock
}): ExportService {
  return {
    export: (userId, { format, conversations, withUsage }) => {
      const single = conversations?.length === 1 ? mustFind(sqlite, userId, conversations[0] ?? '') : null
      for (const id of conversations ?? []) mustFind(sqlite, userId, id)
      const ids = conversations ?? listExportIds(sqlite, userId, { withTrash: format === 'json' })
      const options = { format, isSingle: single !== null }
      const usage = withUsage && format === 'json' ? { usage: readUsage(sqlite, userId) } : {}
      return {
        ...exportName(options, { nowMs: clock.now(), title: single?.title ?? null }),
        pieces: exportPieces(readChats(sqlite, userId, ids), { ...options, ...usage }),
      }
    },
  }
}

function mustFind(sqlite: Sqlite, userId: number, id: string): FileChat {
  const chat = findFileChat(sqlite, userId, id)
  if (chat === null) {
    throw new AppError('not-found', `There is no conversation with the id ${id}.`, { field: 'conversations' })
  }
  return chat
}

async function* readChats(sqlite: Sqlite, userId: number, ids: readonly string[]): AsyncGenerator<FileChat> {
  for (const id of [...ids].sort()) {
    const chat = findFileChat(sqlite, userId, id)
    // It may have been purged since the list was made.
    if (chat !== null) yield chat
  }
}

async function* readUsage(sqlite: Sqlite, userId: number): AsyncGenerator<UsageLog> {
  let page = listUsageAfter(sqlite, userId, '')
  while (page.length > 0) {
    yield* page
    page = listUsageAfter(sqlite, userId, page.at(-1)?.id ?? '')
  }
}
