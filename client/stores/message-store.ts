import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Conversation, Message } from '#shared/records.ts'
import type { Failure } from '../api/outcome.ts'
import type { DeviceState, Messages, StoredChat } from '../device/device.ts'
import { switched } from '../signals/switched.ts'
import { watch } from '../signals/watch.ts'
import type { OutboxEntry } from '../sync/outbox.ts'
import type { KeptChat } from './last-screen.ts'
import { type LoadState, loadingOr } from './load-state.ts'
import { withUnanswered } from './unanswered.ts'

export interface MessageStore {
  readonly conversation: ReadonlySignal<Conversation | null>
  /** All messages of the open conversation, every branch, by id, with an empty answer under each prompt that waits for one. */
  readonly messages: ReadonlySignal<Messages>
  /** False while only the newest messages are there. */
  readonly isWhole: ReadonlySignal<boolean>
  /** Nano-dollars of the messages that were deleted. */
  readonly goneCostNanousd: ReadonlySignal<number | null>
  /** The name of this device in the rows that it makes. */
  readonly deviceId: ReadonlySignal<string | null>
  readonly load: ReadonlySignal<LoadState>
  /** Shows how an answer ended until its row has come by the sync. */
  putEnd(message: Message): void
}

type Sources = {
  readonly device: ReadonlySignal<DeviceState>
  readonly id: ReadonlySignal<string | null>
  readonly outbox: ReadonlySignal<readonly OutboxEntry[]>
  /** Why nothing comes from the server now. */
  readonly failure: ReadonlySignal<Failure | null>
  /** What was in sight last: shown until the device has answered. */
  readonly kept: KeptChat | null
}

const NOTHING: ReadonlySignal<null> = signal(null)
const NO_MESSAGES: Messages = new Map()

/** The conversation on the screen, as this device keeps it. */
export function createMessageStore(alive: AbortSignal, { device, id, outbox, failure, kept }: Sources): MessageStore {
  const source = computed(() => ({ device: device.value, id: id.value }))
  const stored = switched<typeof source.value, StoredChat | null>(alive, source, (life, asked) =>
    asked.device.state === 'open' && asked.id !== null ? asked.device.device.chat(life, asked.id) : NOTHING,
  )
  const chat = untilRead(alive, stored, { device, id, kept })
  const ends = signal<Messages>(NO_MESSAGES)
  const rows = computed(() => chat.value?.messages ?? NO_MESSAGES)
  watch(alive, rows, messages => {
    const waiting = [...ends.peek()].filter(([messageId]) => isOpenEnded(messages.get(messageId)))
    if (waiting.length !== ends.peek().size) ends.value = new Map(waiting)
  })
  return {
    conversation: computed(() => chat.value?.conversation ?? null),
    messages: computed(() => withEnds(withUnanswered(rows.value, id.value, outbox.value), ends.value)),
    isWhole: computed(() => chat.value?.isWhole ?? false),
    goneCostNanousd: computed(() => chat.value?.goneCostNanousd ?? null),
    deviceId: computed(() => chat.value?.deviceId ?? null),
    load: computed(() => {
      if (device.value.state === 'closed') return { state: 'closed', reason: device.value.reason }
      if (id.value === null) return { state: 'ready' }
      if (chat.value === null) return { state: 'opening' }
      const isHere = chat.value.conversation !== null && chat.value.isComplete
      return isHere ? { state: 'ready' } : loadingOr(failure.value)
    }),
    putEnd(message) {
      ends.value = new Map(ends.peek()).set(message.id, message)
    },
  }
}

/** What is stored; before it is read for the first time, what was kept of the same chat. */
function untilRead(
  alive: AbortSignal,
  stored: ReadonlySignal<StoredChat | null>,
  { device, id, kept }: Pick<Sources, 'device' | 'id' | 'kept'>,
): ReadonlySignal<StoredChat | null> {
  const instead = signal(kept === null ? null : asStored(kept))
  const isOver = computed(
    () => stored.value !== null || id.value !== instead.value?.conversation?.id || device.value.state === 'closed',
  )
  // For good: who comes back to this chat would see how it once was.
  watch(alive, isOver, over => {
    if (over) instead.value = null
  })
  return computed(() => stored.value ?? (isOver.value ? null : instead.value))
}

function asStored({ conversation, messages, deviceId }: KeptChat): StoredChat {
  return {
    conversation,
    messages: new Map(messages.map(message => [message.id, message])),
    isComplete: true,
    isWhole: false,
    goneCostNanousd: null,
    deviceId,
  }
}

function withEnds(messages: Messages, ends: Messages): Messages {
  const shown = [...ends].filter(([messageId]) => isOpenEnded(messages.get(messageId)))
  return shown.length === 0 ? messages : new Map([...messages, ...shown])
}

/** True while the row of an answer says that more will come. */
function isOpenEnded(row: Message | undefined): boolean {
  return row?.status === 'streaming' || row?.status === 'queued'
}
