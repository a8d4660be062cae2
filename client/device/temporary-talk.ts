import { type Signal, signal } from '@preact/signals-core'
import type { Message, MessageStatus } from '#shared/records.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import { ROW_DEFAULTS } from '#shared/sync-row-defaults.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { storedChat } from './chat-row.ts'
import type { StoredChat } from './device.ts'

/** The rows of a temporary chat. They are replaced, never changed. */
export type TemporaryRows = { readonly conversation: SyncRow; readonly messages: ReadonlyMap<string, SyncRow> }

/** One temporary chat, in the memory of this page and nowhere else. */
export type TemporaryTalk = {
  /** Its name on the pi and in the ledger. */
  readonly id: string
  readonly rows: Signal<TemporaryRows>
  readonly draft: Signal<string>
  /** Aborts when nobody can come back to it. */
  readonly gone: AbortController
}

export const TEMPORARY_TITLE = 'temporary chat'

export function createTalk(id: string, now: number): TemporaryTalk {
  const fields = { title: TEMPORARY_TITLE, created_at: now, updated_at: now }
  // As if the server had it: an act that takes back what no server knows would leave this chat.
  const conversation = { ...newRow('conversations', TEMPORARY_CHAT, fields), rev: 1 }
  return {
    id,
    rows: signal({ conversation, messages: new Map() }),
    draft: signal(''),
    gone: new AbortController(),
  }
}

export function newRow(
  kind: 'conversations' | 'messages',
  id: string,
  fields: Readonly<Record<string, unknown>>,
): SyncRow {
  const conversation = kind === 'messages' ? { conversation_id: TEMPORARY_CHAT } : {}
  return { ...ROW_DEFAULTS[kind], ...fields, ...conversation, id, rev: 0, era: 0, at: {}, purged: false }
}

export function shownChat({ conversation, messages }: TemporaryRows): StoredChat {
  return storedChat(conversation, [...messages.values()], { isWhole: true, isComplete: true, deviceId: null })
}

/** Changes fields of a message that is still there. */
export function changeMessage(
  talk: TemporaryTalk,
  id: string,
  fields: Partial<Message> & { readonly status: MessageStatus },
): void {
  const { conversation, messages } = talk.rows.peek()
  const row = messages.get(id)
  if (row === undefined) return
  talk.rows.value = { conversation, messages: new Map(messages).set(id, { ...row, ...fields }) }
}
