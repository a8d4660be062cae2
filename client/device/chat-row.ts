import { plainLine } from '#shared/plain-line.ts'
import type { Conversation, Message } from '#shared/records.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import type { Call, ListedConversation, Shelf, StoredChat } from './device.ts'
import { parseCallRow, parseConversationRow, parseMessageRow } from './parse.ts'

/**
 * A chat's last messages that are looked at for its preview: the newest is often an answer that has no text yet, and ids of one
 * millisecond stand in no order.
 */
export const PREVIEW_MESSAGES = 4

/** Where a conversation lies; null for what is gone for good. */
export function shelfOf(row: SyncRow): Shelf | null {
  if (row.purged) return null
  if (row['deleted_at'] !== null) return 'trash'
  return row['archived_at'] === null ? 'chats' : 'archive'
}

/** What the list shows of a conversation, from its last messages and its lines of the ledger. */
export function chatRow(
  conversation: Conversation,
  { newest, calls }: { readonly newest: readonly SyncRow[]; readonly calls: readonly SyncRow[] },
): ListedConversation {
  const rows = newest.flatMap(shownMessage).sort((left, right) => right.created_at - left.created_at)
  const line = rows.map(({ content }) => plainLine(content)).find(text => text !== '')
  return { ...conversation, cost_nanousd: sumOf(calls), preview: line ?? null, last_status: rows[0]?.status ?? null }
}

/** A message that does not lie in the trash. */
function shownMessage(row: SyncRow): readonly Message[] {
  return typeof row['deleted_at'] === 'number' ? [] : [parseMessageRow(row) ?? []].flat()
}

/** A conversation with those of its messages that are here; `row` is absent where this device does not know it. */
export function storedChat(
  row: SyncRow | undefined,
  found: readonly SyncRow[],
  facts: Pick<StoredChat, 'isWhole' | 'isComplete' | 'deviceId'>,
): StoredChat {
  const rows = withoutDeleted(found)
  return {
    ...facts,
    conversation: row === undefined ? null : parseConversationRow(row),
    messages: new Map(rows.flatMap(shownMessage).map(message => [message.id, message])),
    goneCostNanousd: rows === found ? null : sumOf(found.filter(message => !rows.includes(message))),
  }
}

/** Of a conversation's lines of the ledger, those for one answer, the newest last. */
export function callsOf(rows: readonly SyncRow[], answerId: string): readonly Call[] {
  const calls = rows.filter(row => row['message_id'] === answerId).flatMap(row => parseCallRow(row) ?? [])
  return calls.sort((left, right) => left.timestamp - right.timestamp)
}

/** The messages that are not deleted and hang on none that is. */
function withoutDeleted(rows: readonly SyncRow[]): readonly SyncRow[] {
  const gone = new Set(rows.filter(row => typeof row['deleted_at'] === 'number').map(row => row.id))
  if (gone.size === 0) return rows
  // A question may have been asked before the row above it came: once more until nothing is added.
  for (let size = 0; size !== gone.size; ) {
    size = gone.size
    for (const row of rows) if (gone.has(String(row['parent_id']))) gone.add(row.id)
  }
  return rows.filter(row => !gone.has(row.id))
}

function sumOf(rows: readonly SyncRow[]): number | null {
  const costs = rows.map(row => row['cost_nanousd']).filter(cost => typeof cost === 'number')
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0)
}
