import type { Message } from '#shared/records.ts'
import { NO_RUN } from '#shared/sync-row-defaults.ts'

/** A message with nothing in it, changed by `values`. */
export function madeMessage(values: Partial<Message> = {}): Message {
  const names = { id: 'message', conversation_id: 'chat', parent_id: null } as const
  const said = { role: 'user', content: '', attachments: [], status: 'complete', created_at: 0, rev: 1 } as const
  return { ...NO_RUN, ...names, ...said, ...values }
}
