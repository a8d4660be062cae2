import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { liveSignal } from '../signals/live-query.ts'
import { switched } from '../signals/switched.ts'
import type { StoredChat } from './device.ts'
import type { AheadReader } from './read-ahead.ts'
import { readChat } from './read-chats.ts'

/** So long the end of a chat has the page for itself, to be formatted and painted, before all of it is read. */
const END_FIRST_MS = 100

type LiveChatOptions = {
  readonly database: LocalDatabase
  /** Reads the newest messages of a chat. */
  readonly ends: AheadReader<StoredChat>
  readonly scheduler: Scheduler
  readonly onError: (cause: unknown) => void
}

const NOTHING: ReadonlySignal<null> = signal(null)

/** A conversation as this device keeps it: at first with its newest messages, which is what it opens with, and then whole. */
export function liveChat(
  alive: AbortSignal,
  conversationId: string,
  { database, ends, scheduler, onError }: LiveChatOptions,
): ReadonlySignal<StoredChat | null> {
  const end = signal<StoredChat | null>(null)
  const isWholeWanted = signal(false)
  const whole = switched<boolean, StoredChat | null>(alive, isWholeWanted, (life, isWanted) =>
    isWanted
      ? liveSignal<StoredChat | null>(life, () => readChat(database, conversationId), { initial: null, onError })
      : NOTHING,
  )
  let stopTimer: (() => void) | null = null
  const wantWhole = (delayMs: number): void => {
    if (alive.aborted) return
    stopTimer = scheduler.after(delayMs, () => {
      isWholeWanted.value = true
    })
  }
  // Read once and at once: what lives is the whole of it, which takes its place a moment later.
  ends.take(conversationId).then(
    found => {
      // Where the order of the ids is not that of the messages, the newest are not the end.
      const isEnd = reachesLeaf(found)
      if (isEnd) end.value = found
      wantWhole(isEnd ? END_FIRST_MS : 0)
    },
    (cause: unknown) => {
      onError(cause)
      wantWhole(0)
    },
  )
  alive.addEventListener('abort', () => stopTimer?.(), { once: true })
  return computed(() => whole.value ?? end.value)
}

/** True when what is there of a chat ends with what it shows. */
function reachesLeaf({ conversation, messages }: StoredChat): boolean {
  const leaf = conversation?.active_leaf_id
  return leaf !== null && leaf !== undefined && messages.has(leaf)
}
