import type { Message } from '#shared/records.ts'

/** What a device puts of a message that was made elsewhere: all but the run, for what it puts by itself has none. */
export function messageFields(message: Message) {
  const { parent_id, role, content, attachments, created_at } = message
  const said = { parent_id, role, content, attachments, created_at }
  if (role !== 'assistant') return said
  const { id: _id, rev: _rev, run_id: _run, device_id: _device, conversation_id: _chat, ...answer } = message
  return answer
}
