import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Failure } from '../api/outcome.ts'
import type { ConversationPage, DeviceState, ListedConversation, Shelf } from '../device/device.ts'
import { lastKnown } from '../signals/last-known.ts'
import { switched } from '../signals/switched.ts'
import { type LoadState, loadingOr } from './load-state.ts'

type ConversationSource = {
  /** Null: nobody looks at it. */
  readonly shelf: ReadonlySignal<Shelf | null>
  readonly device: ReadonlySignal<DeviceState>
  readonly failure: ReadonlySignal<Failure | null>
  /** What was in sight last: shown until the device has answered. */
  readonly kept: ConversationPage | null
}

export interface ConversationStore {
  /** Newest first, behind older ones that are pinned. */
  readonly list: ReadonlySignal<readonly ListedConversation[]>
  readonly load: ReadonlySignal<LoadState>
  /** True once everything that the server has, has been copied to this device. */
  readonly isAllHere: ReadonlySignal<boolean>
  /** True while this device keeps older ones than the list shows. */
  readonly hasMore: ReadonlySignal<boolean>
  /** Shows twice as many. */
  showMore(): void
  /** The reader comes near the end. */
  comeNear(): void
}

/** More than any screen shows at first: each change of any chat reads all that the list shows. */
const FIRST_PAGE = 30
/** So far the list grows by itself: what follows it, the archive and the trash, must stay within reach. */
const PAGE = 100
const NOTHING: ReadonlySignal<null> = signal(null)

/** The conversations of one shelf that this device keeps. */
export function createConversationStore(
  alive: AbortSignal,
  { shelf, device, failure, kept }: ConversationSource,
): ConversationStore {
  const most = signal(FIRST_PAGE)
  const source = computed(() => ({ device: device.value, most: most.value, shelf: shelf.value }))
  const read = switched<typeof source.value, ConversationPage | null>(alive, source, (life, asked) =>
    asked.device.state === 'open' && asked.shelf !== null
      ? asked.device.device.conversations(life, { shelf: asked.shelf, most: asked.most })
      : NOTHING,
  )
  const page = lastKnown(alive, read)
  const shown = computed(() => page.value ?? (device.value.state === 'closed' ? null : kept))
  const showMore = (): void => {
    // Else what was asked for is still being read.
    if (read.peek() !== null) most.value *= 2
  }
  return {
    list: computed(() => shown.value?.rows ?? []),
    load: computed(() => {
      if (device.value.state === 'closed') return { state: 'closed', reason: device.value.reason }
      if (shown.value === null) return { state: 'opening' }
      return shown.value.isComplete ? { state: 'ready' } : loadingOr(failure.value)
    }),
    isAllHere: computed(() => page.value?.isAllHere ?? false),
    hasMore: computed(() => shown.value?.hasMore ?? false),
    showMore,
    comeNear() {
      if (most.peek() < PAGE) showMore()
    },
  }
}
