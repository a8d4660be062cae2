import { messageRef, type RowRef, rowRef, type SyncRow } from '#shared/sync-row.ts'
import type { FileChat } from '#shared/transfer/file-format.ts'
import { type ChatPlan, planChat, renewIds } from '#shared/transfer/import/plan-chat.ts'
import type { SyncTables } from '../sync/sync-store.ts'

/** What an import does on this device for one chat. */
export type DeviceStep = {
  readonly plan: ChatPlan
  /** Rows that an undone import has put into the trash, and that come back. */
  readonly back: readonly RowRef[]
  readonly leafBefore: string | null
}

/** Purged rows of an import are found under their next ids. */
const MOST_GENERATIONS = 100

/** What is missing of chats on this device. `undoTimes` are the times at which imports were undone. */
export async function planChats(
  tables: Pick<SyncTables, 'conversations' | 'messages'>,
  chats: readonly FileChat[],
  undoTimes: ReadonlySet<number>,
): Promise<readonly DeviceStep[]> {
  const rows = await tables.conversations.getMany(chats.map(({ id }) => id))
  const steps: DeviceStep[] = []
  for (const [index, chat] of chats.entries()) {
    let row = rows[index]
    let renewed = chat
    for (let generation = 1; row?.purged && generation < MOST_GENERATIONS; generation++) {
      renewed = renewIds(chat, generation)
      row = await tables.conversations.get(renewed.id)
    }
    steps.push(row === undefined ? newStep(renewed) : await planStep(tables, renewed, { row, undoTimes }))
  }
  return steps
}

function newStep(chat: FileChat): DeviceStep {
  const nothing = { standing: 'absent', active_leaf_id: null, updated_at: 0, messages: new Set<string>() } as const
  return { plan: planChat(chat, nothing), back: [], leafBefore: null }
}

async function planStep(
  tables: Pick<SyncTables, 'messages'>,
  chat: FileChat,
  { row, undoTimes }: { readonly row: SyncRow; readonly undoTimes: ReadonlySet<number> },
): Promise<DeviceStep> {
  const found = await tables.messages.getMany(chat.messages.map(({ id }): [string, string] => [chat.id, id]))
  const leafBefore = typeof row['active_leaf_id'] === 'string' ? row['active_leaf_id'] : null
  const standing = {
    standing: 'present',
    active_leaf_id: leafBefore,
    updated_at: Number(row['updated_at']),
    messages: new Set(found.flatMap(message => message?.id ?? [])),
  } as const
  const wasUndone = (deleted: unknown) => typeof deleted === 'number' && undoTimes.has(deleted)
  const messages = found.flatMap(message =>
    message !== undefined && wasUndone(message['deleted_at']) ? [messageRef(chat.id, message.id)] : [],
  )
  const plan = planChat(chat, standing)
  if (chat.deleted_at === null && wasUndone(row['deleted_at'])) {
    return { plan: { ...plan, kind: 'new' }, back: [rowRef('conversations', chat.id), ...messages], leafBefore }
  }
  if (messages.length === 0) return { plan, back: [], leafBefore }
  const change = plan.change ?? { active_leaf_id: chat.active_leaf_id }
  return { plan: { ...plan, kind: 'grown', change }, back: messages, leafBefore }
}
