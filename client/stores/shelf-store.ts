import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Failure } from '../api/outcome.ts'
import type { DeviceState, PutAway, Shelf } from '../device/device.ts'
import type { Route } from '../platform/router.ts'
import { switched } from '../signals/switched.ts'
import { watch } from '../signals/watch.ts'
import { type ConversationStore, createConversationStore } from './conversation-store.ts'

type ShelfSource = {
  readonly device: ReadonlySignal<DeviceState>
  readonly failure: ReadonlySignal<Failure | null>
  readonly route: ReadonlySignal<Route>
}

export interface ShelfStore {
  /** The shelf whose chats the list shows: the one that was gone to last. */
  readonly current: ReadonlySignal<Shelf>
  /** The chats of that shelf while it is the archive or the trash. */
  readonly chats: ConversationStore
  /** Null until it has been counted. */
  readonly putAway: ReadonlySignal<PutAway | null>
}

const NOTHING: ReadonlySignal<null> = signal(null)

/** Which shelf the list stands at; opening a chat from it does not leave it. */
export function createShelfStore(alive: AbortSignal, { device, failure, route }: ShelfSource): ShelfStore {
  const current = signal<Shelf>('chats')
  watch(alive, route, ({ name }) => {
    if (name === 'chats' || name === 'archive' || name === 'trash') current.value = name
  })
  const shelf = computed(() => (current.value === 'chats' ? null : current.value))
  const putAway = switched<DeviceState, PutAway | null>(alive, device, (life, state) =>
    state.state === 'open' ? state.device.putAway(life) : NOTHING,
  )
  return { current, chats: createConversationStore(alive, { shelf, device, failure, kept: null }), putAway }
}
