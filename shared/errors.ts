/** Every code an error can carry, on the wire and in a stored message. */
export type ErrorCode =
  | 'bad-json'
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden-host'
  | 'forbidden-origin'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'fork'
  | 'gap'
  | 'device-cloned'
  | 'schema-too-new'
  | 'upgrade-required'
  | 'too-large'
  | 'unsupported-media-type'
  | 'unknown-model'
  | 'parameter-refused'
  | 'parameter-unsupported'
  | 'endpoint-missing'
  | 'context-too-long'
  | 'rate-limited'
  | 'quota-exceeded'
  | 'budget-exceeded'
  | 'content-refused'
  | 'provider-not-configured'
  | 'provider-key-rejected'
  | 'provider-overloaded'
  | 'provider-unreachable'
  | 'provider-timeout'
  | 'provider-incomplete'
  | 'provider-failed'
  | 'empty-answer'
  | 'interrupted'
  | 'shutting-down'
  | 'disk-full'
  | 'internal'

export type ErrorDetail = {
  readonly code: ErrorCode
  /** A sentence for a person: what happened, what is kept, what to do. Never a provider's raw text, never a key. */
  readonly message: string
  /** The path of the wrong field, as in `params.temperature`. */
  readonly field?: string
  readonly retryable: boolean
}

type AppErrorOptions = {
  readonly field?: string
  readonly retryable?: boolean
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** The only error that is thrown on purpose. `message` may be shown to the user as it is. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.field = options.field
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs
  }

  /** The error as it stands on the wire and in `messages.error`. */
  get detail(): ErrorDetail {
    const { code, message, field, retryable } = this
    return field === undefined ? { code, message, retryable } : { code, message, field, retryable }
  }
}
