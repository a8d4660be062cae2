import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Route } from '../platform/router.ts'

/** Something that was found: a message, or a chat by its title. */
export type Hit = { readonly conversationId: string; readonly messageId: string | null }

/** What the rest of the page needs to know of the search. */
export interface FindStore {
  /** The result that is shown beside the list, without having been opened. */
  readonly hit: Signal<Hit | null>
  /** Which of a chat's hits is shown, in words; empty where none is. */
  readonly place: Signal<string>
  /** The keys of the search, for the status bar; empty outside of it. */
  readonly keys: Signal<string>
  /** The chat and the message that the address or the chosen result asks for. */
  readonly wanted: ReadonlySignal<Hit | null>
}

export function createFindStore(route: ReadonlySignal<Route>): FindStore {
  const hit = signal<Hit | null>(null)
  return {
    hit,
    place: signal(''),
    keys: signal(''),
    wanted: computed(() => {
      const now = route.value
      if (now.name === 'find') return hit.value
      const isAsked = now.name === 'chat' && now.conversationId !== null && now.messageId !== undefined
      return isAsked ? { conversationId: now.conversationId, messageId: now.messageId } : null
    }),
  }
}
