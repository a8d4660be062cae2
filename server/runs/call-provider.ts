import type { Clock, Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { FinishReason } from '#shared/records.ts'
import type { Provider, ProviderEvent, ProviderRequest } from '../providers/provider.ts'
import type { Usage } from '../providers/usage.ts'
import type { CallRecord } from '../usage/settle-call.ts'
import type { LiveRun } from './live-run.ts'

/** How one call ended: `error` is null when the provider finished, or when we stopped it. */
export type CallOutcome = {
  readonly call: CallRecord
  readonly finishReason: FinishReason | null
  readonly firstTokenAt: number | null
  readonly firstTextAt: number | null
  readonly error: AppError | null
}

type CallOptions = {
  readonly provider: Provider
  readonly request: ProviderRequest
  readonly live: LiveRun
  readonly attempt: number
  /** Aborts when the user or the server stops the run. */
  readonly stopped: AbortSignal
  readonly idleTimeoutMs: number
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly onAccepted: () => void
}

/** A model that thinks before it speaks may send nothing at all for minutes. */
const FIRST_BYTE_PATIENCE = 5

/** Makes one call and tells the live run what comes. Never throws, never retries. */
export async function callProvider(options: CallOptions): Promise<CallOutcome> {
  const { provider, request, live, stopped } = options
  const state = createCallState(options)
  const watchdog = startWatchdog(options)
  let error: AppError | null = null
  try {
    for await (const batch of provider.stream(request, AbortSignal.any([stopped, watchdog.signal]))) {
      watchdog.touch()
      for (const event of batch) state.take(event)
    }
    if (watchdog.signal.aborted && !stopped.aborted) error = idleError(provider, state.isAccepted())
    else if (!state.finishReason() && !stopped.aborted) error = unfinishedError(provider)
  } catch (cause) {
    if (!stopped.aborted) error = watchdog.signal.aborted ? idleError(provider, state.isAccepted()) : asAppError(cause)
  } finally {
    watchdog.stop()
  }
  // Usage and text may still follow a terminal event, but a line that breaks after it has nothing left to lose.
  const isWhole = state.finishReason() !== null && (error === null || error.code === 'provider-incomplete')
  return {
    call: {
      ...state.record(),
      attempt: options.attempt,
      startedAt: state.startedAt,
      isFinished: isWhole,
      // Only an attempt that was refused is followed by another, so all text is this attempt's.
      text: live.text(),
      reasoning: live.reasoning(),
    },
    finishReason: state.finishReason(),
    firstTokenAt: state.firstTokenAt(),
    firstTextAt: state.firstTextAt(),
    error: isWhole ? null : error,
  }
}

function createCallState({ live, clock, onAccepted }: CallOptions) {
  const startedAt = clock.now()
  let isAccepted = false
  let requestId: string | null = null
  let usage: Usage | null = null
  let servedModel: string | null = null
  let finishReason: FinishReason | null = null
  let firstTokenAt: number | null = null
  let firstTextAt: number | null = null

  function take(event: ProviderEvent): void {
    switch (event.type) {
      case 'accepted':
        isAccepted = true
        requestId = event.requestId
        onAccepted()
        break
      case 'text':
      case 'reasoning':
        firstTokenAt ??= clock.now()
        if (event.type === 'text') firstTextAt ??= clock.now()
        live.append(event.type, event.text)
        break
      case 'text-was-reasoning':
        firstTextAt = null
        live.recastText()
        break
      case 'citation':
        live.addCitation(event.citation)
        break
      case 'served-model':
        servedModel = event.model
        break
      case 'usage':
        usage = event.usage
        break
      case 'finish':
        finishReason = event.reason
        break
      default:
        event satisfies never
    }
  }

  return {
    take,
    startedAt,
    isAccepted: () => isAccepted,
    finishReason: () => finishReason,
    firstTokenAt: () => firstTokenAt,
    firstTextAt: () => firstTextAt,
    record: () => ({ isAccepted, usage, servedModel, requestId }),
  }
}

function startWatchdog({ request, clock, scheduler, idleTimeoutMs }: CallOptions) {
  const controller = new AbortController()
  const thinks = request.reasoning !== null && request.reasoning !== 'none'
  let limitMs = thinks ? idleTimeoutMs * FIRST_BYTE_PATIENCE : idleTimeoutMs
  let lastByteAt = clock.now()
  let cancel = scheduler.after(limitMs, check)

  // One timer that looks back, not one that is set anew for each piece.
  function check(): void {
    const silentMs = clock.now() - lastByteAt
    if (silentMs >= limitMs) controller.abort()
    else cancel = scheduler.after(limitMs - silentMs, check)
  }

  return {
    signal: controller.signal,
    touch: () => {
      lastByteAt = clock.now()
      if (limitMs === idleTimeoutMs) return
      limitMs = idleTimeoutMs
      cancel()
      cancel = scheduler.after(limitMs, check)
    },
    stop: () => cancel(),
  }
}

function idleError(provider: Provider, isAccepted: boolean): AppError {
  const message = isAccepted
    ? `${provider.name} fell silent and was given up. What came is kept; ask again for the rest.`
    : `${provider.name} did not answer in time. Ask again, or choose another model.`
  return new AppError('provider-timeout', message, { retryable: true })
}

function unfinishedError(provider: Provider): AppError {
  return new AppError(
    'provider-incomplete',
    `${provider.name} ended the answer before it was complete. What came is kept.`,
    {
      retryable: true,
    },
  )
}

function asAppError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return new AppError(
    'internal',
    'The answer stopped on a fault of this program. What came is kept, and the log has the details.',
    {
      retryable: true,
      cause,
    },
  )
}
