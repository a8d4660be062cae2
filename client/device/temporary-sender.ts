import type { Message } from '#shared/records.ts'
import type { Api } from '../api/api-client.ts'
import { isUnreachable } from '../api/outcome.ts'
import type { Pause } from '../platform/pause.ts'
import { backoffMs } from '../runs/backoff.ts'
import { until } from '../signals/until.ts'
import { pathTo } from '../stores/message-tree.ts'
import { changeMessage, shownChat, type TemporaryTalk } from './temporary-talk.ts'

export type SenderPorts = { readonly api: Api; readonly pause: Pause; readonly random: () => number }

/** Takes a prompt of a temporary chat to the pi, as soon as the answer before it has ended and the pi can be reached. */
export async function sendTemporary(talk: TemporaryTalk, answerId: string, ports: SenderPorts): Promise<void> {
  const { signal } = talk.gone
  await until(talk.rows, () => signal.aborted || !isBehind(talk, answerId))
  for (let attempt = 0; ; attempt++) {
    const waiting = waitingPrompt(talk, answerId)
    if (waiting === null || signal.aborted) return
    const outcome = await ports.api.call('/api/chat/stream', nothing, {
      method: 'POST',
      headers: { Prefer: 'respond-async' },
      body: waiting.body,
    })
    if (outcome.ok) {
      // Taken back or left on the way there.
      if (signal.aborted || waitingPrompt(talk, answerId) === null) await forgetRun(ports.api, waiting.runId)
      else changeMessage(talk, answerId, { status: 'streaming' })
      return
    }
    const { failure } = outcome
    if (!isUnreachable(failure) && !(failure.kind === 'refused' && failure.error.retryable)) {
      const error = failure.kind === 'refused' ? { error: failure.error } : {}
      changeMessage(talk, answerId, { status: 'error', ...error })
      return
    }
    await ports.pause(backoffMs(attempt, ports.random), signal)
  }
}

/** Stops an answer as soon as the pi can be reached; what has come stays. */
export async function stopTemporary(talk: TemporaryTalk, runId: string, ports: SenderPorts): Promise<void> {
  for (let attempt = 0; !talk.gone.signal.aborted; attempt++) {
    const outcome = await ports.api.call(`/api/runs/${runId}/cancel`, nothing, { method: 'POST', body: {} })
    if (outcome.ok || !isUnreachable(outcome.failure)) return
    await ports.pause(backoffMs(attempt, ports.random), talk.gone.signal)
  }
}

/** Tells the pi that nobody waits for a run any more. If it does not hear of it, it lets go by itself after an hour. */
export async function forgetRun(api: Api, runId: string): Promise<void> {
  await api.call(`/api/runs/${runId}`, nothing, { method: 'DELETE' })
}

const nothing = (): null => null

function isUnderWay(message: Message | undefined): boolean {
  return message?.status === 'queued' || message?.status === 'streaming'
}

/** True while an answer that the prompt goes on from is still to be written. */
function isBehind(talk: TemporaryTalk, answerId: string): boolean {
  const { messages } = shownChat(talk.rows.value)
  return pathTo(messages, messages.get(answerId)?.parent_id ?? null).some(isUnderWay)
}

/** What is sent for an answer that still waits for it; null where it does not. */
function waitingPrompt(talk: TemporaryTalk, answerId: string) {
  const { conversation, messages } = shownChat(talk.rows.peek())
  const answer = messages.get(answerId)
  if (answer?.status !== 'queued' || answer.run_id === null || conversation === null) return null
  const said = pathTo(messages, answer.parent_id)
  const question = said.at(-1)
  if (question === undefined) return null
  const { system_prompt, params } = conversation
  const earlier = said.slice(0, -1).filter(isWorthSaying)
  return {
    runId: answer.run_id,
    body: {
      temporary: true,
      run_id: answer.run_id,
      conversation_id: talk.id,
      message_id: answerId,
      user_message_id: question.id,
      model: answer.model,
      message: question.content,
      messages: earlier.map(({ role, content }) => ({ role, content })),
      ...(system_prompt === null ? {} : { system: system_prompt }),
      ...params,
    },
  }
}

/** As the pi does it: an answer without text, or that the model refused, would teach it to stay silent. */
function isWorthSaying({ role, content, finish_reason }: Message): boolean {
  return role !== 'system' && content.trim() !== '' && finish_reason !== 'refusal'
}
