import { batch } from '@preact/signals-core'
import type { Clock } from '#shared/clock.ts'
import type { Message } from '#shared/records.ts'
import type { RunEvent } from '#shared/wire/run-events.ts'
import type { Endpoints } from '../api/endpoints.ts'
import type { Pause } from '../platform/pause.ts'
import type { Sight } from '../platform/visibility.ts'
import type { MessageStore } from '../stores/message-store.ts'
import { followRun } from './follow-run.ts'
import { createLiveRun, type LiveRun } from './live-run.ts'
import type { RunRegistry } from './run-registry.ts'

/** Where a run is read from, and what hears of it. */
export type RunStores = {
  readonly endpoints: Pick<Endpoints, 'runEvents'>
  readonly registry: RunRegistry
  readonly messages: Pick<MessageStore, 'putEnd'>
  readonly clock: Clock
  readonly random: () => number
}

type WatchDependencies = RunStores & {
  readonly pause: Pause
  readonly sight: Sight
}

/**
 * Reads the run of an answer that is still being written; its text lives in the registry meanwhile, and nowhere else. Gives the
 * answer as it ended, or as far as it came where the server knows no such run; null when the reading was left.
 */
export async function watchRun(
  dependencies: WatchDependencies,
  answer: Message & { readonly run_id: string },
  alive: AbortSignal,
): Promise<Message | null> {
  const { endpoints, registry } = dependencies
  const { run_id: runId, conversation_id: conversationId, id: messageId } = answer
  const run = createLiveRun({ runId, conversationId, messageId })
  run.take({ type: 'snapshot', data: { text: answer.content, reasoning: answer.reasoning ?? '' } }, 0)
  registry.add(run)
  let isFresh = true
  let ended: Message | null = null
  try {
    await followRun({
      open(lastEventId) {
        isFresh = lastEventId === null
        return endpoints.runEvents(runId, lastEventId, alive)
      },
      onEvent(event) {
        // Each connection begins with `run`; one that named no event tells the whole answer again.
        if (event.type === 'run' && isFresh) run.take({ type: 'snapshot', data: { text: '', reasoning: '' } }, 0)
        run.take(event, dependencies.clock.now())
        ended = endOf(event, answer, run) ?? ended
      },
      onLink(link) {
        run.link.value = link
      },
      signal: alive,
      ...dependencies,
    })
    return alive.aborted ? null : (ended ?? { ...answer, content: run.text.peek().slice() })
  } finally {
    // The answer as it ended takes the live text's place in one step, so that nothing on the screen is built twice.
    batch(() => {
      if (ended !== null) dependencies.messages.putEnd(ended)
      registry.remove(run)
    })
  }
}

/** How an event leaves the answer; null for one that does not end it. */
function endOf(event: RunEvent, answer: Message, run: LiveRun): Message | null {
  if (event.type === 'done') return event.data.message
  if (event.type !== 'error') return null
  const { message_id: _messageId, ...error } = event.data
  return {
    ...answer,
    content: run.text.peek().slice(),
    reasoning: run.reasoning.peek() === '' ? null : run.reasoning.peek(),
    citations: run.citations.peek(),
    status: error.code === 'interrupted' ? 'interrupted' : 'error',
    error,
  }
}
