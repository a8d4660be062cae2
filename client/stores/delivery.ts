import type { Message } from '#shared/records.ts'
import type { OutboxEntry } from '../sync/outbox.ts'

/** How a prompt without an answer stands on its way to a model. */
export type Delivery =
  /** Here, until the server can be reached. */
  | { readonly state: 'waiting' }
  /** On its way, or just arrived. `isStuck`: the line broke meanwhile, and nobody knows which. */
  | { readonly state: 'sending'; readonly isStuck: boolean }
  /** Here, until a person says what becomes of it. */
  | { readonly state: 'held'; readonly mid: string; readonly reason: OutboxEntry['reason'] }
  /** On the server, behind another answer. */
  | { readonly state: 'behind' }

/** The delivery of a message's prompt; null for any message that does not wait. */
export function deliveryOf(
  message: Message,
  { outbox, isCutOff }: { readonly outbox: readonly OutboxEntry[]; readonly isCutOff: boolean },
): Delivery | null {
  if (message.role !== 'assistant' || message.status !== 'queued') return null
  if (message.rev > 0) return { state: 'behind' }
  const entry = outbox.find(({ prompt }) => prompt.message_id === message.id)
  if (entry?.state === 'held') return { state: 'held', mid: entry.mid, reason: entry.reason }
  return entry?.state === 'waiting' ? { state: 'waiting' } : { state: 'sending', isStuck: isCutOff }
}
