import type { Generated, Insertable, Selectable, Updateable } from 'kysely'

/** The one person of an installation without log-in; every row belongs to a user from the first migration on. */
export const OWNER_USER_ID = 1

type Synced = {
  id: string
  user_id: number
  /** Position in the feed: the server's counter at the last change. */
  rev: number
  /** JSON object, field → [milliseconds, device]: the clock that decides conflicts. An absent field has the row's creation clock. */
  at: Generated<string>
  /** 1 when only the tombstone is left. */
  purged: Generated<number>
}

type ConversationTable = Synced & {
  title: string
  model: string | null
  system_prompt: string | null
  params: Generated<string>
  tags: Generated<string>
  active_leaf_id: string | null
  pinned_at: number | null
  archived_at: number | null
  deleted_at: number | null
  device_id: string | null
  created_at: number
  updated_at: number
}

type MessageTable = Synced & {
  conversation_id: string
  parent_id: string | null
  role: string
  content: string
  reasoning: string | null
  attachments: Generated<string>
  citations: Generated<string>
  model: string | null
  status: string
  finish_reason: string | null
  error: string | null
  run_id: string | null
  tokens_input: number | null
  tokens_output: number | null
  tokens_cache_read: number | null
  tokens_cache_write: number | null
  tokens_reasoning: number | null
  cost_nanousd: number | null
  price_state: string | null
  device_id: string | null
  deleted_at: number | null
  created_at: number
  first_token_at: number | null
  first_text_at: number | null
  finished_at: number | null
}

type PersonaTable = Synced & {
  name: string
  system_prompt: string | null
  model: string | null
  params: Generated<string>
  deleted_at: number | null
  created_at: number
}

/** Here the id is the setting's name, unique for its user. */
type SettingTable = Synced & { value: string; created_at: number }

type AttachmentTable = Synced & {
  sha256: string
  name: string
  media_type: string
  bytes: number
  width: number | null
  height: number | null
  deleted_at: number | null
  created_at: number
}

type RunTable = {
  id: string
  user_id: number
  conversation_id: string
  message_id: string
  user_message_id: string
  device_id: string | null
  model: string
  /** JSON: system prompt and parameters as they were when the run was asked for. */
  request: string
  state: string
  attempt: Generated<number>
  generation: Generated<number>
  last_seq: Generated<number>
  cancel_at: number | null
  error: string | null
  created_at: number
  ended_at: number | null
}

/** A run that was stopped before it came: it blocks the start that may follow. */
type CancelledRunTable = { id: string; user_id: number; cancelled_at: number }

export type RunEventRow = { run_id: string; seq: number; channel: string; data: string }

type UsageLogTable = {
  id: string
  user_id: number
  rev: number
  run_id: string
  attempt: number
  conversation_id: string
  message_id: string
  device_id: string | null
  provider: string
  model: string
  served_model: string | null
  outcome: string
  tokens_input: number
  tokens_output: number
  tokens_cache_read: number
  tokens_cache_write: number
  tokens_reasoning: number
  cost_nanousd: number | null
  price_state: string
  price_version: string | null
  price_lines: string | null
  raw_usage: string | null
  provider_request_id: string | null
  timestamp: number
}

/** A call of a temporary chat that has not ended: what the ledger needs to know of it if this process dies. */
export type TemporaryCallRow = {
  run_id: string
  user_id: number
  conversation_id: string
  message_id: string
  device_id: string | null
  model: string
  attempt: number
  /** Estimated. */
  tokens_prompt: number
  started_at: number
}

export type Schema = {
  conversations: ConversationTable
  messages: MessageTable
  personas: PersonaTable
  settings: SettingTable
  attachments: AttachmentTable
  runs: RunTable
  run_events: RunEventRow
  cancelled_runs: CancelledRunTable
  temporary_calls: TemporaryCallRow
  usage_logs: UsageLogTable
  devices: { id: string; user_id: number; name: string | null; last_n: number; schema: number; seen_at: number }
  device_mutations: { device_id: string; n: number; mid: string }
  /** Values that lost against a later one (R4), for 90 days. */
  conflicts: {
    user_id: number
    kind: string
    row_id: string
    field: string
    value: string | null
    at: string
    recorded_at: number
  }
  /** One row for each transaction that moved `rev`; the nonce tells two histories apart that share a number. */
  history: { last_rev: number; nonce: string }
  /** The histories of this database in their order; the last one is current. A restore begins a new one (R10). */
  epochs: { number: Generated<number>; id: string; policy: string; minted_at: number }
  meta: { key: string; value: string }
  /** Where a device is told that an answer is ready; of this server, and so in no feed. */
  push_subscriptions: {
    endpoint: string
    user_id: number
    device: string
    p256dh: string
    auth: string
    created_at: number
  }
}

export type StoredConversation = Selectable<ConversationTable>
export type NewConversation = Insertable<ConversationTable>
export type StoredMessage = Selectable<MessageTable>
export type StoredUsageLog = Selectable<UsageLogTable>
export type NewMessage = Insertable<MessageTable>
export type MessageChange = Updateable<MessageTable>
export type StoredRun = Selectable<RunTable>
export type NewRun = Insertable<RunTable>
export type RunChange = Updateable<RunTable>
