import type { WritableKind } from '#shared/sync-kinds.ts'
import { untoldRow } from '#shared/sync-overlay.ts'
import { messageRef, type RowRef, rowRef, type SyncRow } from '#shared/sync-row.ts'
import { conversationValues, messageValues } from '#shared/transfer/import/plan-chat.ts'
import { editLocally } from '../sync/local-edit.ts'
import type { SyncContext } from '../sync/sync-meta.ts'
import { bringIn, type NewChat } from '../sync/untold.ts'
import type { DeviceStep } from './plan-chats.ts'

type Values = Readonly<Record<string, unknown>>
type WritableRef = RowRef & { readonly kind: WritableKind }
type Act =
  | { readonly act: 'put'; readonly ref: WritableRef; readonly values: Values }
  | { readonly act: 'set'; readonly ref: WritableRef; readonly values: Values }

/** Rows of one transaction, and the length of their texts: what a device writes without holding up its reader. */
const [MOST_ROWS, MOST_LENGTH] = [500, 512 * 1024]
/** A chat with more messages would not fit in a transaction. */
const MOST_WHOLE = 1000

/** Does what was planned: new chats as they are, and what is missing of others as edits. */
export async function writeSteps(context: SyncContext, steps: readonly DeviceStep[]): Promise<void> {
  const fresh = new Map<string, DeviceStep>()
  const edited: DeviceStep[] = []
  for (const step of steps) {
    const { id } = step.plan.chat
    // A file may hold a chat twice.
    if (isWholeNew(step) && !fresh.has(id)) fresh.set(id, step)
    else edited.push(step)
  }
  const chats = [...fresh.values()].map(newChat)
  for (const portion of portions(chats, ({ messages }) => messages.length + 1, textLengthOfChat)) {
    const left = await bringIn(context, portion)
    // The sync has brought them since they were looked for.
    edited.push(...left.flatMap(({ conversation }) => fresh.get(conversation.id) ?? []))
  }
  const acts = edited.flatMap(actsOf)
  for (const portion of portions(
    acts,
    () => 1,
    ({ values }) => textLength(values),
  ))
    await edit(context, portion)
}

function isWholeNew({ plan, back }: DeviceStep): boolean {
  return plan.kind === 'new' && back.length === 0 && plan.newMessages.length <= MOST_WHOLE
}

function newChat({ plan: { chat, newMessages } }: DeviceStep): NewChat {
  return {
    conversation: untoldRow(rowRef('conversations', chat.id), conversationValues(chat)),
    messages: newMessages.map(message => untoldRow(messageRef(chat.id, message.id), messageValues(chat.id, message))),
  }
}

function actsOf({ plan, back }: DeviceStep): readonly Act[] {
  const { chat, newMessages, change } = plan
  const conversation = rowRef('conversations', chat.id)
  const isThere = change !== null || back.some(({ id }) => id === chat.id)
  const puts = newMessages.map((message): Act => {
    return { act: 'put', ref: messageRef(chat.id, message.id), values: messageValues(chat.id, message) }
  })
  return [
    ...(isThere ? [] : [{ act: 'put', ref: conversation, values: conversationValues(chat) } as const]),
    ...puts,
    ...back.flatMap((ref): readonly Act[] =>
      isWritable(ref) ? [{ act: 'set', ref, values: { deleted_at: null } }] : [],
    ),
    ...(change === null ? [] : [{ act: 'set', ref: conversation, values: change } as const]),
  ]
}

function isWritable(ref: RowRef): ref is WritableRef {
  return ref.kind !== 'usage_logs'
}

function edit(context: SyncContext, acts: readonly Act[]): Promise<void> {
  return editLocally(context, async editor => {
    await editor.putMissing(acts.flatMap(({ act, ref, values }) => (act === 'put' ? [{ ref, values }] : [])))
    for (const { act, ref, values } of acts) if (act === 'set') await editor.set(ref, values)
  })
}

function* portions<Item>(
  items: readonly Item[],
  rowsOf: (item: Item) => number,
  lengthOf: (item: Item) => number,
): Generator<readonly Item[]> {
  let portion: Item[] = []
  let [rows, length] = [0, 0]
  for (const item of items) {
    portion.push(item)
    rows += rowsOf(item)
    length += lengthOf(item)
    if (rows < MOST_ROWS && length < MOST_LENGTH) continue
    yield portion
    portion = []
    ;[rows, length] = [0, 0]
  }
  if (portion.length > 0) yield portion
}

function textLengthOfChat({ messages }: NewChat): number {
  return messages.reduce((sum, message) => sum + textLength(message), 0)
}

function textLength(values: Values | SyncRow): number {
  return Object.values(values).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0)
}
