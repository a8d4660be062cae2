import type { WritableKind } from '#shared/sync-kinds.ts'
import type { WriteTransaction } from '../database/writer.ts'
import { emptyRuns, listUnfinishedRunIds, requestCancel } from '../runs/runs-store.ts'
import { emptyRow, findRow, listMessageIds, listRowIds, type SyncedRow } from './rows-store.ts'

const PURGED_KINDS = ['conversations', 'personas', 'settings', 'attachments'] as const satisfies readonly WritableKind[]

/**
 * R5: leaves a tombstone that absorbs every later edit; a conversation takes its messages along. The ledger keeps its rows: they
 * say what was paid, hold nothing that anybody wrote, and name a conversation by an id that leads nowhere from then on. Returns
 * the runs that have to be stopped once this is committed.
 */
export function purgeRow(
  transaction: WriteTransaction,
  kind: WritableKind,
  row: Pick<SyncedRow, 'user_id' | 'id'>,
): readonly string[] {
  if (kind !== 'conversations') {
    const stopped = kind === 'messages' ? stopRunsOfMessage(transaction, row) : []
    emptyRow(transaction, kind, row)
    return stopped
  }
  const stopped = listUnfinishedRunIds(transaction.sqlite, { conversationId: row.id })
  for (const id of stopped) requestCancel(transaction, id)
  emptyRuns(transaction, row.id)
  for (const id of listMessageIds(transaction.sqlite, row.id)) {
    emptyRow(transaction, 'messages', { user_id: row.user_id, id })
  }
  emptyRow(transaction, 'conversations', row)
  return stopped
}

/** Purges all that a user has; see `purgeRow` for what stays. Returns the runs to stop. */
export function purgeEverything(transaction: WriteTransaction, userId: number): readonly string[] {
  return PURGED_KINDS.flatMap(kind =>
    listRowIds(transaction.sqlite, kind, userId).flatMap(id => purgeRow(transaction, kind, { user_id: userId, id })),
  )
}

function stopRunsOfMessage(
  transaction: WriteTransaction,
  message: Pick<SyncedRow, 'user_id' | 'id'>,
): readonly string[] {
  const row = findRow(transaction.sqlite, 'messages', message.user_id, message.id)
  const stopped = listUnfinishedRunIds(transaction.sqlite, {
    conversationId: String(row?.['conversation_id']),
    messageId: message.id,
  })
  for (const id of stopped) requestCancel(transaction, id)
  return stopped
}
