import type { Context } from 'hono'
import { AppError, type ErrorCode, type ErrorDetail } from '#shared/errors.ts'

type Status = 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 426 | 429 | 500 | 502 | 503 | 507

const STATUS: Readonly<Record<ErrorCode, Status>> = {
  'bad-json': 400,
  'bad-request': 400,
  unauthorized: 401,
  'budget-exceeded': 402,
  'forbidden-host': 403,
  'forbidden-origin': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  fork: 409,
  gap: 409,
  'device-cloned': 409,
  'schema-too-new': 409,
  'upgrade-required': 426,
  'too-large': 413,
  'unsupported-media-type': 415,
  'unknown-model': 422,
  'parameter-refused': 422,
  'parameter-unsupported': 422,
  'context-too-long': 422,
  'content-refused': 422,
  'rate-limited': 429,
  'quota-exceeded': 429,
  'endpoint-missing': 502,
  'provider-key-rejected': 502,
  'provider-overloaded': 502,
  'provider-unreachable': 502,
  'provider-timeout': 502,
  'provider-incomplete': 502,
  'provider-failed': 502,
  'empty-answer': 502,
  interrupted: 502,
  'provider-not-configured': 503,
  'shutting-down': 503,
  'disk-full': 507,
  internal: 500,
}

const DEFAULT_RETRY_MS = 30_000

/** The answer to a refused request: `{error, …}` with the status that belongs to the code. `beside` stands next to `error`. */
export function errorResponse(
  context: Context,
  error: AppError,
  beside: Readonly<Record<string, string>> = {},
): Response {
  const status = STATUS[error.code]
  if (status === 429 || status === 503) {
    const seconds = Math.ceil((error.retryAfterMs ?? DEFAULT_RETRY_MS) / 1000)
    context.header('Retry-After', String(Math.max(1, seconds)))
  }
  const body: { error: ErrorDetail } = { error: error.detail, ...beside }
  return context.json(body, status)
}

/** For whatever was not thrown on purpose: says nothing of what happened but where to look. */
export function internalError(requestId: string): AppError {
  return new AppError('internal', `The pi made a mistake. Its log has the details under ${requestId}.`, {
    retryable: true,
  })
}
