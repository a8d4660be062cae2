import type { RowKind } from './sync-kinds.ts'

const NO_RUN = {
  reasoning: null,
  citations: [],
  model: null,
  finish_reason: null,
  error: null,
  run_id: null,
  tokens_input: null,
  tokens_output: null,
  tokens_cache_read: null,
  tokens_cache_write: null,
  tokens_reasoning: null,
  cost_nanousd: null,
  price_state: null,
  device_id: null,
  first_token_at: null,
  finished_at: null,
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
