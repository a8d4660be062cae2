import type { Clock } from '#shared/clock.ts'
import type { Message } from '#shared/records.ts'
import type { RunEvent } from '#shared/wire/run-events.ts'
import type { ChatRequest, Endpoints } from '../api/endpoints.ts'
import type { Pause } from '../platform/pause.ts'
import type { MessageStore } from '../stores/message-store.ts'
import { type FollowEnd, followRun } from './follow-run.ts'
import { createLiveRun, type LiveRun } from './live-run.ts'
import type { RunRegistry } from './run-registry.ts'

export type WatchDependencies = {
  readonly endpoints: Endpoints
  readonly messages: MessageStore
  readonly registry: RunRegistry
  readonly clock: Clock
  readonly random: () => number
  readonly pause: Pause
  /** Ends with the page. */
  readonly alive: AbortSignal
}

/** Sends a prompt and watches its run. The same request may be sent any number of times: the run id makes it one run. */
export function startRun(
  dependencies: WatchDependencies,
  request: ChatRequest,
  options: { onAccepted(): void },
): Promise<FollowEnd> {
  const { run_id: runId, conversation_id: conversationId, message_id: messageId } = request
  const run = createLiveRun({ runId, conversationId, messageId }, 'sending')
  const { endpoints } = dependencies
  return watch(dependencies, run, async ({ lastEventId, isFirst }, signal) => {
    if (!isFirst) return await endpoints.runEvents(runId, lastEventId, signal)
    const outcome = await endpoints.startRun(request, signal)
    if (outcome.ok) options.onAccepted()
    return outcome
  })
}

/** Watches the run of a message that is still being written, as after a reload. Does nothing if it is watched already. */
export async function attachRun(dependencies: WatchDependencies, message: Message): Promise<FollowEnd | null> {
  const { run_id: runId, conversation_id: conversationId, id: messageId } = message
  if (runId === null || dependencies.registry.live.peek().has(messageId)) return null
  const run = createLiveRun({ runId, conversationId, messageId }, 'following')
  run.take({ type: 'snapshot', data: { text: message.content, reasoning: message.reasoning ?? '' } }, 0)
  return await watch(dependencies, run, ({ lastEventId }, signal) =>
    dependencies.endpoints.runEvents(runId, lastEventId, signal),
  )
}

type Open = (
  attempt: { readonly lastEventId: string | null; readonly isFirst: boolean },
  signal: AbortSignal,
) => ReturnType<Endpoints['runEvents']>

async function watch(dependencies: WatchDependencies, run: LiveRun, open: Open): Promise<FollowEnd> {
  const signal = AbortSignal.any([dependencies.alive, run.leaving.signal])
  let isFresh = true
  dependencies.registry.add(run)
  try {
    return await followRun({
      open(attempt) {
        isFresh = attempt.lastEventId === null
        return open(attempt, signal)
      },
      onEvent(event) {
        // Each connection begins with `run`; one that named no event tells the whole answer again.
        if (event.type === 'run' && isFresh) run.take({ type: 'snapshot', data: { text: '', reasoning: '' } }, 0)
        takeEvent(dependencies, run, event)
      },
      onLink(link) {
        const isUnsent = run.link.peek() === 'sending' || run.link.peek() === 'queued'
        run.link.value = link === 'reconnecting' && isUnsent ? 'queued' : link
      },
      signal,
      clock: dependencies.clock,
      random: dependencies.random,
      pause: dependencies.pause,
    })
  } finally {
    dependencies.registry.remove(run)
  }
}

function takeEvent(dependencies: WatchDependencies, run: LiveRun, event: RunEvent): void {
  run.take(event, dependencies.clock.now())
  // The stored record replaces the live text in the same step in which the run leaves the registry.
  if (event.type === 'done') dependencies.messages.put(event.data.message)
}
