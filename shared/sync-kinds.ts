/** What travels in the feed. */
export type RowKind = 'conversations' | 'messages' | 'personas' | 'settings' | 'attachments' | 'usage_logs'

/** What a device may write; the ledger is the server's alone. */
export type WritableKind = Exclude<RowKind, 'usage_logs'>

type KindFields = {
  /** Fields that may be set any number of times; conflicts are decided one by one (R4). */
  readonly changeable: readonly string[]
  /** Fields that are set when the row is made and never again. */
  readonly fixed: readonly string[]
}

/** A field of this form is one tag: `tags/<name>` → true or false, so that both of two tags added at once stay. */
export const TAG_FIELD = 'tags/'

/** The fields a device may set. Whatever else a row holds is the server's. */
export const WRITABLE_FIELDS: Readonly<Record<WritableKind, KindFields>> = {
  conversations: {
    changeable: [
      'title',
      'model',
      'system_prompt',
      'params',
      'active_leaf_id',
      'pinned_at',
      'archived_at',
      'deleted_at',
      'updated_at',
    ],
    fixed: ['created_at'],
  },
  messages: {
    changeable: ['deleted_at'],
    fixed: ['conversation_id', 'parent_id', 'role', 'content', 'attachments', 'created_at'],
  },
  personas: { changeable: ['name', 'system_prompt', 'model', 'params', 'deleted_at'], fixed: ['created_at'] },
  settings: { changeable: ['value'], fixed: ['created_at'] },
  attachments: {
    changeable: ['name', 'deleted_at'],
    fixed: ['sha256', 'media_type', 'bytes', 'width', 'height', 'created_at'],
  },
}

/**
 * What the server writes into an answer. A device may put it into a message that it makes in two cases: a restored server has
 * forgotten the answer (R11), so that neither its reasoning nor its cost is lost; or the message comes out of a file, and then
 * it has no run, and its cost is history that no ledger counts.
 */
export const RECOVERABLE_FIELDS: readonly string[] = [
  'reasoning',
  'citations',
  'model',
  'status',
  'finish_reason',
  'error',
  'run_id',
  'tokens_input',
  'tokens_output',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_reasoning',
  'cost_nanousd',
  'price_state',
  'device_id',
  'first_token_at',
  'first_text_at',
  'finished_at',
]

/** True for a field that a device may change in a row that is there. */
export function isChangeable(kind: WritableKind, field: string): boolean {
  if (kind === 'conversations' && field.startsWith(TAG_FIELD) && field.length > TAG_FIELD.length) return true
  return WRITABLE_FIELDS[kind].changeable.includes(field)
}
