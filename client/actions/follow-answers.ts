import { computed } from '@preact/signals-core'
import type { Message } from '#shared/records.ts'
import type { App } from '../app.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { pagePause } from '../platform/pause.ts'
import { pageSight, type Sight } from '../platform/visibility.ts'
import { watchRun } from '../runs/watch-run.ts'
import { childLife, watch } from '../signals/watch.ts'
import { spokenResult } from './spoken.ts'

/** Reads the answers that are being written in the chat on the screen; those of other chats come by the sync when they are done. */
export function followAnswers(app: App): void {
  let life = childLife(app.alive)
  let openId: string | null = null
  let followed = new Set<string>()
  const shown = computed(() => ({ id: app.chat.id.value, messages: app.messages.messages.value }))
  watch(app.alive, shown, ({ id, messages }) => {
    if (id !== openId) {
      life.end()
      life = childLife(app.alive)
      openId = id
      followed = new Set()
    }
    for (const message of messages.values()) {
      if (!isBeingWritten(message) || followed.has(message.run_id)) continue
      followed.add(message.run_id)
      void followAnswer(app, message, life.alive)
    }
  })
}

async function followAnswer(
  app: App,
  message: Message & { readonly run_id: string },
  alive: AbortSignal,
): Promise<void> {
  app.announcement.value = 'Answering'
  const read = await watchRun({ ...app.runs, pause: pagePause, sight: sightOf(message) }, message, alive)
  if (read === null) return
  if (!isBeingWritten(read)) app.announcement.value = spokenResult(read)
  const opened = app.device.peek()
  if (opened.state === 'open') opened.device.answerEnded(read)
}

/** Nobody is pushed to for a temporary chat, and the server holds its answer for a while only: that is read in the dark as well. */
function sightOf({ conversation_id }: Message): Sight {
  return conversation_id === TEMPORARY_CHAT ? alive => Promise.resolve(alive) : pageSight
}

function isBeingWritten(message: Message): message is Message & { readonly run_id: string } {
  return message.role === 'assistant' && message.status === 'streaming' && message.run_id !== null
}
