import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Message } from '#shared/records.ts'
import type { Endpoints } from '../api/endpoints.ts'
import type { ConversationStore } from './conversation-store.ts'
import type { LoadState } from './load-state.ts'

export type Messages = ReadonlyMap<string, Message>

export interface MessageStore {
  /** All messages of a conversation, every branch, by id. */
  of(conversationId: string): ReadonlySignal<Messages>
  loadOf(conversationId: string): ReadonlySignal<LoadState>
  /** Fetches a conversation with its messages. */
  refresh(conversationId: string): Promise<void>
  put(message: Message): void
  remove(message: Message): void
  /** Says that a conversation made on this device needs no fetch. */
  markReady(conversationId: string): void
}

type Shelf = { readonly messages: Signal<Messages>; readonly load: Signal<LoadState> }

/** The messages this page knows, a shelf for each conversation. */
export function createMessageStore(endpoints: Endpoints, conversations: ConversationStore): MessageStore {
  const shelves = new Map<string, Shelf>()
  function shelfOf(conversationId: string): Shelf {
    const known = shelves.get(conversationId)
    if (known !== undefined) return known
    const shelf = { messages: signal<Messages>(new Map()), load: signal<LoadState>({ state: 'loading' }) }
    shelves.set(conversationId, shelf)
    return shelf
  }
  return {
    of: conversationId => shelfOf(conversationId).messages,
    loadOf: conversationId => shelfOf(conversationId).load,
    async refresh(conversationId) {
      const shelf = shelfOf(conversationId)
      const outcome = await endpoints.conversation(conversationId)
      if (!outcome.ok) {
        shelf.load.value = { state: 'failed', failure: outcome.failure }
        return
      }
      shelf.messages.value = merge(shelf.messages.peek(), outcome.value.messages)
      shelf.load.value = { state: 'ready' }
      conversations.put(outcome.value.conversation)
    },
    put(message) {
      const { messages } = shelfOf(message.conversation_id)
      messages.value = merge(messages.peek(), [message])
    },
    remove(message) {
      const { messages } = shelfOf(message.conversation_id)
      const next = new Map(messages.peek())
      next.delete(message.id)
      messages.value = next
    },
    markReady(conversationId) {
      shelfOf(conversationId).load.value = { state: 'ready' }
    },
  }
}

/** The newer version of each message, by the server's revision. */
function merge(known: Messages, incoming: readonly Message[]): Messages {
  const next = new Map(known)
  for (const message of incoming) {
    const standing = next.get(message.id)
    if (standing === undefined || standing.rev <= message.rev) next.set(message.id, message)
  }
  return next
}
