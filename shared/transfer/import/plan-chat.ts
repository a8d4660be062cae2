import { TAG_FIELD } from '../../sync-kinds.ts'
import { isDefault } from '../../sync-row-defaults.ts'
import type { FileChat, FileMessage } from '../file-format.ts'
import { stableId } from './stable-id.ts'

type Values = Readonly<Record<string, unknown>>

/** How a row with this id stands in the store that is imported into. */
type Standing = 'absent' | 'present' | 'purged'

/** What a store holds of a chat that comes out of a file. */
export type StandingChat = {
  readonly standing: Standing
  /** Null unless it is present. */
  readonly active_leaf_id: string | null
  readonly updated_at: number
  /** Rows of any state with the ids of its messages. */
  readonly messages: ReadonlySet<string>
}

/** What an import does to a store for one chat: rows that are made, and at most one change of the conversation. */
export type ChatPlan = {
  readonly kind: 'new' | 'grown' | 'unchanged'
  readonly chat: FileChat
  readonly newMessages: readonly FileMessage[]
  /** What changes in a conversation that was there: only ever forward. */
  readonly change: Values | null
}

/**
 * What is missing of a chat, and nothing else: a row that is there stays as it is, whatever the file says, so that a second import
 * changes nothing and no edit is lost. A conversation that grew shows its new end if its reader stood at the old one.
 */
export function planChat(chat: FileChat, standing: StandingChat): ChatPlan {
  const newMessages = chat.messages.filter(({ id }) => !standing.messages.has(id))
  if (standing.standing === 'absent') return { kind: 'new', chat, newMessages, change: null }
  if (newMessages.length === 0) return { kind: 'unchanged', chat, newMessages, change: null }
  const isAtEnd = isBelow(chat, chat.active_leaf_id, standing.active_leaf_id)
  const change = {
    updated_at: Math.max(standing.updated_at, chat.updated_at),
    ...(isAtEnd ? { active_leaf_id: chat.active_leaf_id } : {}),
  }
  return { kind: 'grown', chat, newMessages, change }
}

/** A chat under other ids, the same ones each time, for a store in which the old ones are purged and take nothing up any more. */
export function renewIds(chat: FileChat, generation: number): FileChat {
  const ids = new Map<string, string>()
  const renew = (id: string, timeMs: number): string => {
    const renewed = stableId('renewed', `${generation}/${id}`, timeMs)
    ids.set(id, renewed)
    return renewed
  }
  for (const { id, created_at } of chat.messages) renew(id, created_at)
  const newIdOf = (id: string | null): string | null => (id === null ? null : (ids.get(id) ?? null))
  return {
    ...chat,
    id: renew(chat.id, chat.created_at),
    active_leaf_id: newIdOf(chat.active_leaf_id),
    messages: chat.messages.map(message => ({
      ...message,
      id: newIdOf(message.id) ?? message.id,
      parent_id: newIdOf(message.parent_id),
    })),
  }
}

/** The fields of a conversation's row. */
export function conversationValues({ id: _, messages: __, tags, ...values }: FileChat): Values {
  const tagged = Object.fromEntries(tags.map(tag => [TAG_FIELD + tag, true]))
  return { ...withoutDefaults('conversations', values), ...tagged }
}

/** The fields of a message's row. */
export function messageValues(conversationId: string, { id: _, ...values }: FileMessage): Values {
  const { device_id, role, content, created_at } = values
  // A device that is left out would be the one that brings it in.
  const always = { conversation_id: conversationId, role, content, created_at, device_id }
  return { ...withoutDefaults('messages', values), ...always }
}

/** What a new row holds anyway need not travel. */
function withoutDefaults(kind: 'conversations' | 'messages', values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([field, value]) => !isDefault(kind, field, value)))
}

/** True when `id` is `ancestorId` or comes after it. */
function isBelow({ messages }: FileChat, id: string | null, ancestorId: string | null): boolean {
  const byId = new Map(messages.map(message => [message.id, message]))
  const seen = new Set<string>()
  for (let next = id; next !== null && !seen.has(next); next = byId.get(next)?.parent_id ?? null) {
    if (next === ancestorId) return true
    seen.add(next)
  }
  return false
}
