import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { makeId } from '#shared/ids.ts'
import type { Message } from '#shared/records.ts'
import { messageStatusOf } from '#shared/runs.ts'
import { NO_RUN } from '#shared/sync-row-defaults.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import type { ChatRequest } from '#shared/wire/chat-request.ts'
import type { StoredRun } from '../database/schema.ts'
import type { Writer } from '../database/writer.ts'
import type { Provider, ProviderMessage } from '../providers/provider.ts'
import { type ActiveRun, createActiveRun } from './active-run.ts'
import type { ActiveRuns } from './active-runs.ts'
import { type RunResult, recordCall, type SettledCall, sumOfCalls } from './finish-run.ts'
import type { FlushTimer } from './flush-timer.ts'
import { createLiveRun, type RunHead, type RunWatcher } from './live-run.ts'
import { type ExecutorDependencies, executeRun } from './run-executor.ts'
import type { RunRecords } from './run-records.ts'
import { headOf, seqAfter, showEnd } from './run-watching.ts'
import { requestParams } from './start-run.ts'
import type { Asker } from './store-run.ts'
import { countTemporaryAttempt, deleteTemporaryCall, insertTemporaryCall } from './temporary-calls-store.ts'

type TemporaryRun = {
  /** As the table of runs would hold it. */
  row: StoredRun
  readonly run: ActiveRun
  /** The answer, once it has ended. */
  message: Message | null
}

/** Runs whose text is in this process's memory and nowhere else; only what they cost is written. */
export interface TemporaryRuns {
  start(asker: Asker, request: ChatRequest): { readonly head: RunHead; readonly accepted: Promise<AppError | null> }
  find(userId: number, runId: string): TemporaryRun | undefined
  watch(held: TemporaryRun, after: string | null, watcher: RunWatcher): () => void
  cancel(held: TemporaryRun): Promise<StoredRun>
  forget(userId: number, runId: string): void
  close(): void
}

type Dependencies = ExecutorDependencies & {
  readonly writer: Writer
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  readonly providerOf: (modelId: string) => Provider
  readonly active: ActiveRuns
  readonly timer: FlushTimer
}

/** So long an answer waits for a device that lost its line. */
const HELD_AFTER_END_MS = 60 * 60_000
const NOT_LOGGED = { add: () => undefined }

export function createTemporaryRuns(dependencies: Dependencies): TemporaryRuns {
  const { writer, journal, clock, scheduler, active, timer } = dependencies
  const held = new Map<string, TemporaryRun>()
  const letGoes = new Map<string, () => void>()

  function drop(id: string): void {
    letGoes.get(id)?.()
    letGoes.delete(id)
    held.delete(id)
  }

  function recordsOf(id: string, prompt: readonly ProviderMessage[]): RunRecords {
    const move = (change: Partial<StoredRun>): void => {
      const temporary = held.get(id)
      if (temporary) temporary.row = { ...temporary.row, ...change }
    }
    return {
      prompt: () => prompt,
      mark: state => move({ state }),
      tryAgain: (attempt, refused) =>
        writer.write(transaction => {
          recordCall(transaction, mustFind(id).row, refused)
          countTemporaryAttempt(transaction, id, attempt)
        }),
      finish: (result, lastCall) => {
        const temporary = mustFind(id)
        const message = writeEnd(writer, temporary.row, result, lastCall)
        move({ state: result.state, last_seq: result.lastSeq, ended_at: message.finished_at })
        temporary.message = message
        letGoes.set(
          id,
          scheduler.after(HELD_AFTER_END_MS, () => drop(id)),
        )
        return message
      },
    }
  }

  function mustFind(id: string): TemporaryRun {
    const temporary = held.get(id)
    if (!temporary) throw new Error(`Temporary run ${id} was let go before its end`)
    return temporary
  }

  return {
    start: (asker, request) => {
      const known = request.run_id ? held.get(request.run_id) : undefined
      if (known?.row.user_id === asker.userId) return { head: headOf(known.row), accepted: known.run.accepted }
      const row = rowOf(asker, request, {
        now: clock.now(),
        makeId: () => makeId(clock.now(), dependencies.randomBytes),
      })
      if (known || journal.has(row.id)) throw endedError()
      const prompt = promptOf(request)
      const provider = dependencies.providerOf(row.model)
      const refusal = dependencies.budget.refusal(asker.userId, row.model)
      if (refusal) throw refusal
      writer.write(transaction => insertTemporaryCall(transaction, callOf(row, prompt, request.system ?? '')))
      const live = createLiveRun({ head: headOf(row), generation: row.generation, clock, timer, log: NOT_LOGGED })
      const records = recordsOf(row.id, prompt)
      const run = createActiveRun({ row, provider, live, records, followsMessageId: null })
      held.set(row.id, { row, run, message: null })
      active.add(run, { execute: () => executeRun(dependencies, run), mark: records.mark })
      return { head: headOf(row), accepted: run.accepted }
    },
    find: (userId, runId) => {
      const temporary = held.get(runId)
      return temporary?.row.user_id === userId ? temporary : undefined
    },
    watch: ({ row, run, message }, after, watcher) => {
      if (message === null) return run.live.watch(watcher, seqAfter(after, row.generation))
      showEnd(row, message, watcher)
      return () => undefined
    },
    cancel: async temporary => {
      if (temporary.message === null) {
        active.stop(temporary.run, 'cancelled')
        await temporary.run.ended
      }
      return temporary.row
    },
    forget: (userId, runId) => {
      const temporary = held.get(runId)
      if (temporary?.row.user_id !== userId) {
        throw new AppError('not-found', 'There is no temporary run with this id.', { field: 'id' })
      }
      if (temporary.message !== null) return drop(runId)
      active.stop(temporary.run, 'cancelled')
      // Its end is still to be written into the ledger.
      void temporary.run.ended.then(() => drop(runId))
    },
    close: () => {
      for (const id of [...held.keys()]) drop(id)
    },
  }
}

function rowOf(
  asker: Asker,
  request: ChatRequest,
  { now, makeId }: { readonly now: number; makeId(): string },
): StoredRun {
  for (const field of ['parent_id', 'attachments'] as const) {
    if (request[field] != null) {
      throw new AppError('bad-request', `${field} should be left out: a temporary chat names no stored message.`, {
        field,
      })
    }
  }
  return {
    id: request.run_id ?? makeId(),
    user_id: asker.userId,
    conversation_id: request.conversation_id ?? makeId(),
    message_id: request.message_id ?? makeId(),
    user_message_id: request.user_message_id ?? makeId(),
    device_id: asker.deviceId,
    model: request.model,
    request: JSON.stringify({ system: request.system ?? null, params: requestParams(request) }),
    state: 'starting',
    attempt: 1,
    generation: 1,
    last_seq: 0,
    cancel_at: null,
    error: null,
    created_at: now,
    ended_at: null,
  }
}

function promptOf({ message, messages }: ChatRequest): readonly ProviderMessage[] {
  if (!message) throw new AppError('bad-request', 'message should be the text of your prompt.', { field: 'message' })
  return [...(messages ?? []), { role: 'user', content: message }]
}

function callOf(row: StoredRun, prompt: readonly ProviderMessage[], system: string) {
  const { id, user_id, conversation_id, message_id, device_id, model, attempt } = row
  const texts = [system, ...prompt.map(({ content }) => content)]
  const tokens_prompt = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
  return {
    ...{ run_id: id, user_id, conversation_id, message_id, device_id, model, attempt, tokens_prompt },
    started_at: row.created_at,
  }
}

function writeEnd(writer: Writer, row: StoredRun, result: RunResult, lastCall: SettledCall | null): Message {
  return writer.write(transaction => {
    if (lastCall) recordCall(transaction, row, lastCall)
    deleteTemporaryCall(transaction, row.id)
    return {
      ...NO_RUN,
      ...sumOfCalls(transaction, row.id),
      id: row.message_id,
      conversation_id: row.conversation_id,
      parent_id: row.user_message_id,
      role: 'assistant',
      content: result.text,
      reasoning: result.reasoning === '' ? null : result.reasoning,
      citations: result.citations,
      attachments: [],
      model: row.model,
      status: messageStatusOf(result.state),
      finish_reason: result.finishReason,
      error: result.error?.detail ?? null,
      run_id: row.id,
      device_id: row.device_id,
      created_at: row.created_at,
      first_token_at: result.firstTokenAt,
      first_text_at: result.firstTextAt,
      finished_at: transaction.now,
      rev: 0,
    }
  })
}

function endedError(): AppError {
  return new AppError('conflict', 'This run was temporary, and nothing of it is left.', { field: 'run_id' })
}
