import { AppError } from '#shared/errors.ts'

/** What a provider said when it refused, taken from its body by the adapter. */
export type FailureFacts = {
  /** The provider's name as shown to a person. */
  readonly provider: string
  /** The environment variable that holds its key; null where it takes none. */
  readonly keyVariable: string | null
  /** The HTTP status; null for an error that came inside a stream that had begun with 200. */
  readonly status: number | null
  readonly code: string | null
  readonly type: string | null
  /** The wire name of the parameter that the provider found wrong, as in `reasoning.effort`. */
  readonly parameter: string | null
  /** Only looked at, never shown: it may quote the prompt or the key. */
  readonly providerMessage: string
  readonly retryAfterMs: number | null
  /** The model that was asked for, without the provider's prefix. */
  readonly model: string
  /** True when the adapter has noted the parameter and will leave it out next time, which makes the call worth sending again. */
  readonly learnt?: boolean
  readonly cause?: unknown
}

type Parameter = 'temperature' | 'reasoning' | 'max_output_tokens'

const PARAMETERS: readonly (readonly [Parameter, RegExp])[] = [
  ['temperature', /\btemperature\b/],
  ['reasoning', /\b(reasoning(_effort)?|thinking|think|budget_tokens|effort)\b/],
  ['max_output_tokens', /\b(max_(completion_|output_)?tokens|num_predict)\b/],
]
const SAFE_PARAMETER = /^[a-z_.]{1,40}$/
const LOWER_PROVIDER_CODES = {
  content: /content_?filter|content_policy|responsibleai|image_content|safety/,
  model: /model_not_found|model_not_exist|invalid_model|unknown_model/,
  context: /context_length|context_size|context_window|string_above_max_length|request_too_large/,
  quota: /insufficient_quota|insufficient_credits|billing|payment_required/,
  rate: /rate_limit/,
  overloaded: /overloaded|slow_down|unavailable|capacity/,
  key: /invalid_api_key|authentication|permission|unauthorized/,
  unsupported: /unsupported|unknown_parameter|extra_forbidden/,
} as const
const CONTENT_WORDS = /content (filter|management policy|policy)|flagged|moderation/
const MODEL_WORDS = /not a valid model|invalid model|no such model|model\b.{0,120}\b(not found|not exist|not available)/
const CONTEXT_WORDS =
  /context (length|window|size|limit)|(prompt|input|request) is too long|too many (input )?tokens|maximum context/
const QUOTA_WORDS = /credit balance|insufficient (credits|balance|funds|quota)|exceeded your current quota/
const UNSUPPORTED_WORDS =
  /unsupported|not support|n't support|not permitted|not allowed|unrecognized|unexpected|unknown|deprecated|cannot be used|use '/

/**
 * Turns a provider's refusal into the error that the rest of the server knows: a code, a sentence for a person, and
 * whether the same request may be sent again. Nothing of the provider's own text is repeated.
 */
export function providerFailure(facts: FailureFacts): AppError {
  const code = codeOf(facts)
  const parameter = code.startsWith('parameter-') ? parameterOf(facts) : null
  return new AppError(code, sentenceOf(code, parameter, facts), {
    retryable: isRetryable(code, facts),
    cause: facts.cause,
    ...(parameter !== null && { field: parameter }),
    ...(facts.retryAfterMs !== null && { retryAfterMs: facts.retryAfterMs }),
  })
}

/** The code of a refusal. Order matters: the first, most telling sign wins over the status, which gateways get wrong. */
function codeOf(facts: FailureFacts) {
  // Inside a stream some gateways give the status as the code: {"error":{"code":429,…}}
  const status = facts.status ?? (/^[45]\d\d$/.test(facts.code ?? '') ? Number(facts.code) : null)
  const names = `${facts.code ?? ''} ${facts.type ?? ''}`.toLowerCase()
  const words = facts.providerMessage.toLowerCase()
  const isBadRequest = status === null || status === 400 || status === 413 || status === 422
  if (LOWER_PROVIDER_CODES.content.test(names)) return 'content-refused'
  if ((isBadRequest || status === 403) && CONTENT_WORDS.test(words)) return 'content-refused'
  if (LOWER_PROVIDER_CODES.model.test(names) || facts.parameter === 'model') return 'unknown-model'
  if (LOWER_PROVIDER_CODES.context.test(names) || status === 413) return 'context-too-long'
  if (status === 402 || LOWER_PROVIDER_CODES.quota.test(names) || QUOTA_WORDS.test(words)) return 'quota-exceeded'
  if (status === 401 || status === 403 || LOWER_PROVIDER_CODES.key.test(names)) return 'provider-key-rejected'
  if (status === 404) return 'unknown-model'
  if (status === 429 || LOWER_PROVIDER_CODES.rate.test(names)) return 'rate-limited'
  if (status === 503 || status === 529 || LOWER_PROVIDER_CODES.overloaded.test(names)) return 'provider-overloaded'
  if ((isBadRequest || status === 500) && CONTEXT_WORDS.test(words)) return 'context-too-long'
  if (isBadRequest && MODEL_WORDS.test(words)) return 'unknown-model'
  if (isBadRequest && status !== null && (parameterOf(facts) !== null || isSafe(facts.parameter))) {
    if (LOWER_PROVIDER_CODES.unsupported.test(names) || UNSUPPORTED_WORDS.test(words)) return 'parameter-unsupported'
    return 'parameter-refused'
  }
  return 'provider-failed'
}

/** Our own name of the parameter that the provider means; null where it is none that a person sets. */
function parameterOf(facts: FailureFacts): Parameter | null {
  const said = facts.parameter ?? facts.providerMessage
  return PARAMETERS.find(([, words]) => words.test(said))?.[0] ?? null
}

function isSafe(parameter: string | null): parameter is string {
  return parameter !== null && SAFE_PARAMETER.test(parameter)
}

type FailureCode = ReturnType<typeof codeOf>

function isRetryable(code: FailureCode, facts: FailureFacts): boolean {
  if (code === 'rate-limited' || code === 'provider-overloaded') return true
  if (code === 'parameter-unsupported') return facts.learnt === true
  return code === 'provider-failed' && (facts.status ?? 0) >= 500
}

function sentenceOf(code: FailureCode, parameter: Parameter | null, facts: FailureFacts): string {
  return `${whatHappened(code, parameter, facts)} ${facts.status === null ? 'The text above is saved.' : 'Your prompt is saved.'} ${whatToDo(code, facts)}`
}

function whatHappened(code: FailureCode, parameter: Parameter | null, facts: FailureFacts): string {
  const { provider } = facts
  const model = `“${facts.model.slice(0, 80)}”`
  const status = facts.status === null ? '' : ` (status ${facts.status})`
  const name = parameter === null ? facts.parameter : parameter.replaceAll('_', ' ')
  const setting = isSafe(facts.parameter) || parameter !== null ? `the setting ${name}` : 'a setting'
  switch (code) {
    case 'content-refused':
      return `${provider} refused the request: its content filter matched.`
    case 'unknown-model':
      return `${provider} has no model ${model}${status}, or your key may not use it.`
    case 'context-too-long':
      return `This conversation is too long for ${model}${tokenCounts(facts.providerMessage)}.`
    case 'quota-exceeded':
      return `${provider} stopped the request: the credit or quota of your key is used up${status}.`
    case 'provider-key-rejected':
      return `${provider} rejected the key${status}.`
    case 'rate-limited':
      return `${provider} stopped the request: too many requests on your key${status}.`
    case 'provider-overloaded':
      return `${provider} is overloaded${status}.`
    case 'parameter-unsupported':
      return `${model} does not support ${setting}.`
    case 'parameter-refused':
      return `${provider} refused the value of ${setting} for ${model}${status}.`
    case 'provider-failed':
      return facts.status === null ? `${provider} stopped the answer with an error.` : `${provider} failed${status}.`
    default:
      return code satisfies never
  }
}

function whatToDo(code: FailureCode, facts: FailureFacts): string {
  const { keyVariable, retryAfterMs } = facts
  switch (code) {
    case 'content-refused':
      return 'Word the prompt in another way, or choose another model.'
    case 'unknown-model':
      return 'Choose another model.'
    case 'context-too-long':
      return 'Start from an earlier message, shorten the prompt, or choose a model with a larger context.'
    case 'quota-exceeded':
      return 'Add credit at the provider, or choose another model.'
    case 'provider-key-rejected':
      return keyVariable === null
        ? "Check the server's own access rules."
        : `Check ${keyVariable} in the server's environment, then restart the server.`
    case 'rate-limited':
      return retryAfterMs === null ? 'Try again in a minute.' : `Try again in ${Math.ceil(retryAfterMs / 1000)} s.`
    case 'provider-overloaded':
    case 'provider-failed':
      return 'Try again, or choose another model.'
    case 'parameter-unsupported':
      return facts.learnt === true ? 'Send it again: the setting is left out from now on.' : 'Clear it, then try again.'
    case 'parameter-refused':
      return 'Change it, then try again.'
    default:
      return code satisfies never
  }
}

/** The two counts of a context error, the larger one first as it is the one that was sent; nothing else is repeated. */
function tokenCounts(providerMessage: string): string {
  // prompt is too long: 3333404 tokens > 200000 maximum
  //                     ^^^^^^^          ^^^^^^
  const counts = providerMessage.match(/\b\d{3,9}\b/g)?.map(Number) ?? []
  if (counts.length !== 2) return ''
  return ` (${Math.max(...counts)} tokens, at most ${Math.min(...counts)})`
}

// The request cannot have left the machine, or no secure line was made: sending it again costs nothing twice.
const NEVER_REACHED =
  /^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.+|ERR_SSL_.+|CERT_.+|.*_CERT(_.+)?|UNABLE_TO_.+|EPROTO)$/

/**
 * A call that failed without an answer. `started` says that response headers had come: then it is a cut line. Retryable
 * only where the request cannot have reached the provider, since it would otherwise be paid for twice.
 */
export function connectionFailure(provider: string, cause: unknown, { started }: { started: boolean }): AppError {
  if (started) return incompleteAnswer(provider, cause)
  const reason = systemCodeOf(cause)
  const neverReached = reason !== null && NEVER_REACHED.test(reason)
  const message = `${provider} cannot be reached${reason === null ? '' : ` (${reason})`}. Your prompt is saved. Check the server's connection and the provider's address, then try again.`
  return new AppError('provider-unreachable', message, { retryable: neverReached, cause })
}

/** A stream that ended without its terminal event, or whose line was cut: what came is kept, but it is not the whole answer. */
export function incompleteAnswer(provider: string, cause?: unknown): AppError {
  const message = `${provider} broke off before the answer was complete. The text above is saved. Try again for a whole answer.`
  return new AppError('provider-incomplete', message, { cause })
}

/** The system's own name of a network fault, which `fetch` and the SDKs hide a few causes deep. */
function systemCodeOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 5) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  // Node tries each address of a name and reports one error for each.
  if (error instanceof AggregateError) return systemCodeOf(error.errors[0], depth + 1)
  return systemCodeOf(error.cause, depth + 1)
}
