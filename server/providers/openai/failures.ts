import { APIConnectionTimeoutError, APIError } from 'openai/error'
import { AppError } from '#shared/errors.ts'
import { connectionFailure, type FailureFacts, providerFailure } from '../failure.ts'
import { isRecord, type JsonRecord, listOf, recordOf, textOf } from './json.ts'

/** Whom an error is told about. */
export type CallContext = {
  readonly provider: string
  readonly keyVariable: string | null
  readonly model: string
}

/** What a server said was wrong, whatever shape its error object has. */
export type Refusal = Pick<FailureFacts, 'status' | 'code' | 'type' | 'parameter' | 'providerMessage' | 'retryAfterMs'>

/** The refusal that an SDK error stands for; null for one that no server sent. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof APIError) || error.status === undefined) return null
  const body = readErrorBody(error.error)
  return {
    ...body,
    status: error.status,
    providerMessage: body.providerMessage === '' ? error.message : body.providerMessage,
    retryAfterMs: error.headers === undefined ? null : retryAfterMsOf(error.headers),
  }
}

/** The error of a call that got no stream. */
export function callFailure(error: unknown, context: CallContext): AppError {
  const refusal = refusalOf(error)
  if (refusal !== null) return providerFailure({ ...refusal, ...context, cause: error })
  if (error instanceof APIConnectionTimeoutError) {
    const message = `${context.provider} did not answer in time. Your prompt is saved. Try again, or choose another model.`
    return new AppError('provider-timeout', message, { cause: error })
  }
  return connectionFailure(context.provider, error, { started: false })
}

/** The error that an error object inside a stream stands for: there is no status, so its code and type must tell. */
export function streamFailure(body: unknown, context: CallContext): AppError {
  const refusal = readErrorBody(isRecord(body) && isTold(body.error) ? body.error : body)
  return providerFailure({ ...refusal, ...context, status: null, retryAfterMs: null })
}

function isTold(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** {"message":…,"type":…,"param":…,"code":…}, or what other servers make of it: text, a list, FastAPI's `detail`, nested metadata. */
function readErrorBody(body: unknown): Omit<Refusal, 'status' | 'retryAfterMs'> {
  if (typeof body === 'string') return { code: null, type: null, parameter: null, providerMessage: body }
  // Gemini's compatible server wraps its error in a list.
  if (Array.isArray(body)) return readErrorBody(recordOf(body[0]).error)
  const error = recordOf(body)
  const detail = detailOf(error)
  return {
    code: typeof error.code === 'number' ? String(error.code) : textOf(error.code),
    type: textOf(detail?.type) ?? textOf(error.type) ?? textOf(error.status),
    parameter: textOf(error.param) ?? parameterOfDetail(detail),
    providerMessage: [error.message, error.detail, detail?.msg, recordOf(error.metadata).raw]
      .filter(text => typeof text === 'string')
      .join(' '),
  }
}

/** {"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]} */
function detailOf(error: JsonRecord): JsonRecord | null {
  const first = listOf(error.detail)[0] ?? listOf(recordOf(error.message).detail)[0]
  return isRecord(first) ? first : null
}

function parameterOfDetail(detail: JsonRecord | null): string | null {
  return (
    listOf(detail?.loc)
      .findLast(part => part !== 'body' && typeof part === 'string')
      ?.toString() ?? null
  )
}

/** How long the server asks us to wait, in milliseconds; an HTTP date is compared with the server's own clock. */
function retryAfterMsOf(headers: Headers): number | null {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (ms >= 0) return ms
  const after = headers.get('retry-after') ?? ''
  const seconds = Number.parseFloat(after)
  if (seconds >= 0) return seconds * 1000
  const waitMs = Date.parse(after) - Date.parse(headers.get('date') ?? '')
  return waitMs >= 0 ? waitMs : null
}
