import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Clock } from '#shared/clock.ts'
import type { Message } from '#shared/records.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import type { OutboxEntry } from '../sync/outbox.ts'
import type { Device, KeepingDevice } from './device.ts'
import { temporaryStep } from './temporary-editor.ts'
import { forgetRun, type SenderPorts, sendTemporary, stopTemporary } from './temporary-sender.ts'
import { changeMessage, createTalk, shownChat, type TemporaryTalk } from './temporary-talk.ts'

/** The temporary chat of this page, as its commands need it. */
export interface TemporaryChat {
  /** The one that is going on; there is always one, empty at first. */
  readonly talk: ReadonlySignal<TemporaryTalk>
  /** Begins another one. Gives the one from before, null where nothing was said in it. */
  leave(): TemporaryTalk | null
  /** Goes back to one that was left. */
  takeBack(talk: TemporaryTalk): void
  /** Lets go of one for good. */
  letGo(talk: TemporaryTalk): void
}

export type TemporaryPorts = SenderPorts & {
  readonly clock: Clock
  readonly newId: () => string
  readonly onFault: (cause: unknown) => void
}

/** A device on which one more chat can be read and written like any other, and which keeps that in memory alone. */
export function withTemporaryChat(device: KeepingDevice, ports: TemporaryPorts): Device {
  const freshTalk = (): TemporaryTalk => createTalk(ports.newId(), ports.clock.now())
  const talk = signal(freshTalk())
  const chat = computed(() => shownChat(talk.value.rows.value))
  const forgetStarted = ({ status, run_id }: { readonly [field: string]: unknown }): void => {
    if (status !== 'queued' && typeof run_id === 'string') forgetRun(ports.api, run_id).catch(ports.onFault)
  }
  return {
    ...device,
    chat: (alive, id) => (id === TEMPORARY_CHAT ? chat : device.chat(alive, id)),
    calls: (alive, { id, conversation_id }) =>
      device.calls(alive, {
        id,
        conversation_id: conversation_id === TEMPORARY_CHAT ? talk.peek().id : conversation_id,
      }),
    open(id) {
      if (id !== TEMPORARY_CHAT) device.open(id)
    },
    drafts: {
      read: id => (id === TEMPORARY_CHAT ? Promise.resolve(talk.peek().draft.peek()) : device.drafts.read(id)),
      write(id, text) {
        if (id !== TEMPORARY_CHAT) return device.drafts.write(id, text)
        talk.peek().draft.value = text
        return Promise.resolve()
      },
    },
    outbox: computed(() => [...device.outbox.value, ...waitingIn(chat.value.messages.values())]),
    async edit(work) {
      const now = talk.peek()
      const [result, step] = await device.edit(async editor => {
        const taken = temporaryStep(now.rows.peek(), editor, ports.clock.now())
        return [await work(taken.editor), taken] as const
      })
      const { messages } = now.rows.peek()
      now.rows.value = step.replay(now.rows.peek())
      for (const run of step.started) sendTemporary(now, run.message_id, ports).catch(ports.onFault)
      for (const runId of step.stopped) stopTemporary(now, runId, ports).catch(ports.onFault)
      // It went out in the very moment it was taken back.
      for (const row of messages.values()) if (!now.rows.peek().messages.has(row.id)) forgetStarted(row)
      return result
    },
    answerEnded(message) {
      if (!chat.peek().messages.has(message.id)) return device.wake()
      const { id: _id, conversation_id: _chat, parent_id: _parent, created_at: _made, ...end } = message
      changeMessage(talk.peek(), message.id, message.status === 'streaming' ? { ...end, ...LET_GO } : end)
      forgetStarted(message)
      device.wake()
    },
    temporary: {
      talk,
      leave() {
        const left = talk.peek()
        talk.value = freshTalk()
        return left.rows.peek().messages.size === 0 ? null : left
      },
      takeBack(left) {
        talk.value = left
      },
      letGo(left) {
        left.gone.abort()
        for (const row of left.rows.peek().messages.values()) if (row['status'] === 'streaming') forgetStarted(row)
      },
    },
  }
}

/** The pi knows no such run: it was started anew meanwhile, or nobody asked for an hour. */
const LET_GO = {
  status: 'interrupted',
  error: {
    code: 'interrupted',
    message: 'Interrupted: the pi has let go of this answer. Nothing is sent twice; retry asks again.',
    retryable: true,
  },
} as const

function waitingIn(messages: Iterable<Message>): readonly OutboxEntry[] {
  return [...messages].flatMap(message => {
    const { id, run_id, parent_id, model, conversation_id, created_at, status } = message
    if (status !== 'queued' || run_id === null || parent_id === null || model === null) return []
    const ids = { id: run_id, conversation_id, user_message_id: parent_id, message_id: id }
    const prompt = { op: 'run.start', ...ids, model, created_at } as const
    return [{ mid: run_id, prompt, state: 'waiting', reason: null }]
  })
}
