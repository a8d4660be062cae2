import type { Message } from './records.ts'
import type { RowKind } from './sync-kinds.ts'

/** What a message says of its calls while nothing was counted, or where none of them is its own. */
export const NOTHING_COUNTED = {
  tokens_input: null,
  tokens_output: null,
  tokens_cache_read: null,
  tokens_cache_write: null,
  tokens_reasoning: null,
  cost_nanousd: null,
  price_state: null,
} as const satisfies Partial<Message>

/** What a message says of its run while it has none. */
export const NO_RUN = {
  ...NOTHING_COUNTED,
  reasoning: null,
  citations: [],
  model: null,
  finish_reason: null,
  error: null,
  run_id: null,
  device_id: null,
  first_token_at: null,
  first_text_at: null,
  finished_at: null,
} as const satisfies Partial<Message>

/** True for what a new row holds in a field anyway. */
export function isDefault(kind: RowKind, field: string, value: unknown): boolean {
  const standing = field === 'deleted_at' ? null : ROW_DEFAULTS[kind][field]
  return value === standing || (isEmpty(value) && isEmpty(standing))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** What a row that was made on this device shows in the fields it was not given, until the server's own row comes. */
export const ROW_DEFAULTS: Readonly<Record<RowKind, Readonly<Record<string, unknown>>>> = {
  conversations: {
    title: '',
    model: null,
    system_prompt: null,
    params: {},
    tags: [],
    active_leaf_id: null,
    pinned_at: null,
    archived_at: null,
    deleted_at: null,
  },
  messages: { ...NO_RUN, parent_id: null, role: 'user', content: '', attachments: [], status: 'complete' },
  personas: { name: '', system_prompt: null, model: null, params: {}, deleted_at: null },
  settings: { value: null },
  attachments: { name: '', width: null, height: null, deleted_at: null },
  usage_logs: {},
}
