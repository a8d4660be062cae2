import { formatTotal } from '#shared/money.ts'
import type { ListedConversation } from '../../device/device.ts'
import { dayOf } from '../../platform/day.ts'
import { formatDay } from '../format.ts'

export type ChatGroup = {
  readonly key: string
  readonly name: string
  /** What the day cost, empty where that is not known or is nothing. */
  readonly sum: string
  readonly conversations: readonly ListedConversation[]
}

export type GroupOptions = {
  /** Nano-dollars by local day. */
  readonly costByDay: ReadonlyMap<string, number>
  readonly nowMs: number
}

/** The list as it stands on the screen: pinned chats, then a group for each day, newest first. */
export function chatGroups(list: readonly ListedConversation[], options: GroupOptions): readonly ChatGroup[] {
  const pinned = list.filter(isPinned)
  const days = Map.groupBy(
    list.filter(conversation => !isPinned(conversation)),
    conversation => dayOf(conversation.updated_at),
  )
  const groups: ChatGroup[] = []
  if (pinned.length > 0) groups.push({ key: 'pinned', name: 'pinned', sum: '', conversations: pinned })
  for (const [day, conversations] of days) {
    const newest = conversations[0]
    if (newest === undefined) continue
    const cost = options.costByDay.get(day) ?? 0
    const sum = cost === 0 ? '' : formatTotal(cost)
    groups.push({ key: day, name: formatDay(newest.updated_at, options.nowMs), sum, conversations })
  }
  return groups
}

/** What is put away keeps its pin, and lies among the others. */
function isPinned({ pinned_at, archived_at, deleted_at }: ListedConversation): boolean {
  return pinned_at !== null && archived_at === null && deleted_at === null
}
