import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { liveSignal } from '../signals/live-query.ts'
import { switched } from '../signals/switched.ts'
import { childLife, watch } from '../signals/watch.ts'
import type { StoredChat } from './device.ts'
import { readChat, readChatEnd } from './read-chats.ts'

/** So long the end of a chat has the page for itself, to be formatted and painted, before all of it is read. */
const END_FIRST_MS = 100

type LiveChatOptions = {
  readonly database: LocalDatabase
  readonly scheduler: Scheduler
  readonly onError: (cause: unknown) => void
}

const NOTHING: ReadonlySignal<null> = signal(null)

/** A conversation as this device keeps it: at first with its newest messages, which is what it opens with, and then whole. */
export function liveChat(
  alive: AbortSignal,
  conversationId: string,
  { database, scheduler, onError }: LiveChatOptions,
): ReadonlySignal<StoredChat | null> {
  const options = { initial: null, onError }
  const start = childLife(alive)
  const end = liveSignal<StoredChat | null>(start.alive, () => readChatEnd(database, conversationId), options)
  const isWholeWanted = signal(false)
  const whole = switched<boolean, StoredChat | null>(alive, isWholeWanted, (life, isWanted) =>
    isWanted ? liveSignal<StoredChat | null>(life, () => readChat(database, conversationId), options) : NOTHING,
  )
  let stopTimer: (() => void) | null = null
  watch(start.alive, end, found => {
    if (found === null) return
    // Where the order of the ids is not that of the messages, the newest are not the end.
    stopTimer ??= scheduler.after(reachesLeaf(found) ? END_FIRST_MS : 0, () => {
      isWholeWanted.value = true
    })
  })
  alive.addEventListener('abort', () => stopTimer?.(), { once: true })
  watch(start.alive, whole, found => {
    if (found !== null) start.end()
  })
  return computed(() => whole.value ?? (reachesLeaf(end.value) ? end.value : null))
}

/** True when what is there of a chat ends with what it shows. */
function reachesLeaf(chat: StoredChat | null): boolean {
  const leaf = chat?.conversation?.active_leaf_id
  return leaf !== null && leaf !== undefined && (chat?.messages.has(leaf) ?? false)
}
