import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { Message } from '#shared/records.ts'
import type { RunEnd } from '#shared/runs.ts'
import type { StoredRun } from '../database/schema.ts'
import { errorFields, type Log } from '../log.ts'
import type { ProviderMessage } from '../providers/provider.ts'
import type { ProviderHealth } from '../providers/provider-health.ts'
import type { BudgetService } from '../usage/budget-service.ts'
import { type SettleDependencies, settleCall } from '../usage/settle-call.ts'
import type { ActiveRun } from './active-run.ts'
import { type CallOutcome, callProvider } from './call-provider.ts'
import type { SettledCall } from './finish-run.ts'
import { isLesson, retryDelayMs } from './retry-delay.ts'
import { buildProviderRequest, type RunRequest } from './run-context.ts'
import type { BatchedRunEventLog } from './run-event-log.ts'
import type { RunJournal } from './run-journal.ts'

export type ExecutorDependencies = SettleDependencies & {
  readonly budget: BudgetService
  readonly health: Pick<ProviderHealth, 'answered'>
  readonly journal: RunJournal
  readonly eventLog: BatchedRunEventLog
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  readonly log: Log
  readonly idleTimeoutMs: number
}

/** How a run ends: as its last call did, or with an error before there was one. */
type Ending = Pick<CallOutcome, 'error'> & Partial<CallOutcome>

/**
 * Takes a run to its provider and writes its end, unless a limit of the user's stands before it. All its attempts have one place
 * in the budget: another one is made only when the one before surely cost nothing.
 */
export async function executeRun(dependencies: ExecutorDependencies, run: ActiveRun): Promise<void> {
  const prompt = run.records.prompt()
  const place = takePlace(dependencies, run, promptTexts(run.row, prompt))
  if (place instanceof AppError) return end(dependencies, run, { error: place }, null)
  try {
    await callUntilDone(dependencies, run, prompt)
  } finally {
    place()
  }
}

function takePlace(
  { budget }: ExecutorDependencies,
  { row }: ActiveRun,
  prompt: readonly string[],
): AppError | (() => void) {
  const maxOutputTokens = parseRequest(row).params.max_output_tokens ?? null
  try {
    return budget.reserve({ userId: row.user_id, model: row.model, prompt, maxOutputTokens })
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

/** At most one provider call for each attempt. */
async function callUntilDone(
  dependencies: ExecutorDependencies,
  run: ActiveRun,
  prompt: readonly ProviderMessage[],
): Promise<void> {
  const { journal, clock, log } = dependencies
  const context = { model: modelName(run.row.model), prompt: promptTexts(run.row, prompt) }
  let attempt = run.row.attempt
  let tries = 0
  let lessons = 0
  for (;;) {
    if (run.abort.signal.aborted) return end(dependencies, run, null, null)
    await journal.append(run.row.id, attempt)
    const outcome = await callProvider({
      provider: run.provider,
      request: buildProviderRequest({
        model: context.model,
        request: parseRequest(run.row),
        prompt,
        conversationId: run.row.conversation_id,
        runId: run.row.id,
        attempt,
      }),
      live: run.live,
      attempt,
      stopped: run.abort.signal,
      idleTimeoutMs: dependencies.idleTimeoutMs,
      clock,
      scheduler: dependencies.scheduler,
      onAccepted: () => run.settleAccepted(null),
    })
    const settlement = await settleCall(dependencies, run.provider, context, outcome.call)
    const settled = { call: outcome.call, settlement, outcome: ledgerOutcome(run, outcome) }
    log.info('provider-call', callFields(run, outcome))
    noteHealth(dependencies, run, outcome)
    if (outcome.error?.code === 'internal') log.error('provider-call-failed', errorFields(outcome.error.cause))
    const delayMs = retryDelayMs(outcome, { tries: ++tries, lessons, randomBytes: dependencies.randomBytes })
    if (delayMs === null || run.abort.signal.aborted) return end(dependencies, run, outcome, settled)
    if (outcome.error && isLesson(outcome.error)) {
      lessons += 1
      tries -= 1
    }
    attempt += 1
    run.records.tryAgain(attempt, settled)
    await pause(dependencies.scheduler, delayMs, run.abort.signal)
  }
}

/** A run that was stopped before anything came says nothing of its provider. */
function noteHealth(
  { health }: ExecutorDependencies,
  run: ActiveRun,
  { call, firstTokenAt, error }: CallOutcome,
): void {
  if (error === null && firstTokenAt === null && !call.isFinished) return
  health.answered(run.provider.id, {
    error,
    firstTokenMs: firstTokenAt === null ? null : firstTokenAt - call.startedAt,
  })
}

async function end(
  dependencies: ExecutorDependencies,
  run: ActiveRun,
  outcome: Ending | null,
  settled: SettledCall | null,
): Promise<void> {
  const { live } = run
  live.flush()
  const state = endState(run, outcome)
  const error = state === 'error' ? (outcome?.error ?? null) : state === 'interrupted' ? interruptedError() : null
  const result = {
    state,
    error,
    text: live.text(),
    reasoning: live.reasoning(),
    citations: live.citations(),
    finishReason: outcome?.finishReason ?? null,
    firstTokenAt: outcome?.firstTokenAt ?? null,
    firstTextAt: outcome?.firstTextAt ?? null,
    // The usage event and the last one are still to come.
    lastSeq: live.seq() + 2,
  }
  const message = await finishWhenDiskAllows(dependencies, run, () => run.records.finish(result, settled))
  dependencies.eventLog.forget(run.row.id)
  announceEnd(run, message, error)
}

/** A full disk does not lose the answer: it waits in memory, and is written when there is room. */
async function finishWhenDiskAllows(
  { scheduler, log }: ExecutorDependencies,
  run: ActiveRun,
  finish: () => Message,
): Promise<Message> {
  for (;;) {
    try {
      return finish()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'disk-full') throw error
      log.error('run-end-waits-for-disk', { run: run.row.id })
      await new Promise<void>(resolve => scheduler.after(1000, resolve))
    }
  }
}

/** Save first, announce after. */
function announceEnd(run: ActiveRun, message: Message, error: AppError | null): void {
  const { tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning } = message
  const { cost_nanousd, price_state } = message
  const tokens = { tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning }
  run.live.emit('usage', { ...tokens, cost_nanousd, price_state })
  if (error) run.live.end('error', { ...error.detail, message_id: message.id })
  else run.live.end('done', { message })
  run.settleAccepted(error)
  run.settleEnded(message)
}

function endState(run: ActiveRun, outcome: Ending | null): RunEnd {
  // An answer that was whole before the stop came is complete.
  if (outcome?.call?.isFinished) return 'done'
  if (run.abort.signal.aborted) return run.stopReason
  return 'error'
}

function ledgerOutcome(run: ActiveRun, outcome: CallOutcome): SettledCall['outcome'] {
  const state = endState(run, outcome)
  return state === 'done' ? 'complete' : state
}

/** What the message of an interrupted run says. */
export function interruptedError(): AppError {
  return new AppError('interrupted', 'The pi restarted. What came is kept, and nothing is sent twice.', {
    retryable: true,
  })
}

function parseRequest(row: StoredRun): RunRequest {
  return JSON.parse(row.request)
}

function promptTexts(row: StoredRun, prompt: readonly { readonly content: string }[]): string[] {
  const { system } = parseRequest(row)
  return [...(system ? [system] : []), ...prompt.map(message => message.content)]
}

function modelName(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}

function callFields(run: ActiveRun, outcome: CallOutcome) {
  return {
    run: run.row.id,
    attempt: outcome.call.attempt,
    provider: run.provider.id,
    outcome: outcome.error?.code ?? outcome.finishReason ?? 'stopped',
    request_id: outcome.call.requestId,
  }
}

function pause(scheduler: Scheduler, delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs === 0 || signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const cancel = scheduler.after(delayMs, resolve)
    const wake = () => {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', wake, { once: true })
  })
}
