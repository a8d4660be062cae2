import type { APIError } from '@anthropic-ai/sdk'
import type { AppError } from '#shared/errors.ts'
import { type FailureFacts, providerFailure } from '../failure.ts'
import type { RefusedParameters } from '../provider.ts'
import type { MessageBody } from './message-body.ts'

export const ANTHROPIC = { provider: 'Anthropic', keyVariable: 'ANTHROPIC_API_KEY' } as const

type Lessons = {
  readonly body: MessageBody
  readonly refused: RefusedParameters
  /** Told when a model names its own limit of `max_tokens`. */
  readonly onTokenLimit: (limit: number) => void
}

/**
 * A refused call as our own error. What the model does not take is noted first, so that the same request sent again
 * leaves it out; Anthropic names it in its sentence only, and has no field for it.
 */
export function anthropicFailure(error: APIError, lessons: Lessons): AppError {
  const facts = factsOf(error, lessons.body.model)
  const failure = providerFailure(facts)
  const isLesson =
    learnTokenLimit(facts, lessons) || (failure.code === 'parameter-unsupported' && learnParameter(facts, lessons))
  return isLesson ? providerFailure({ ...facts, code: 'unsupported_parameter', learnt: true }) : failure
}

/** A refused call that is not about a message, as the list of models. */
export function anthropicListFailure(error: APIError): AppError {
  return providerFailure(factsOf(error, ''))
}

function factsOf(error: APIError, model: string): FailureFacts {
  return {
    ...ANTHROPIC,
    status: error.status ?? null,
    code: error.errorCode,
    type: error.type,
    parameter: null,
    providerMessage: error.apiMessage ?? '',
    retryAfterMs: retryAfterMs(error.headers),
    model,
    cause: error,
  }
}

function learnTokenLimit({ status, providerMessage }: FailureFacts, { body, onTokenLimit }: Lessons): boolean {
  // max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-haiku-20241022
  //                     ^^^^
  const limit = Number(/max_tokens: \d+ > (\d+)/.exec(providerMessage)?.[1] ?? 0)
  if (status !== 400 || limit < 1 || limit >= body.max_tokens) return false
  onTokenLimit(limit)
  return true
}

function learnParameter({ providerMessage }: FailureFacts, { body, refused }: Lessons): boolean {
  const parameter = parameterOf(providerMessage, body)
  if (parameter === null || refused.has(body.model, parameter)) return false
  refused.add(body.model, parameter)
  return true
}

/** The parameter that was sent and is meant. Thinking before effort: the advice for the one names the other. */
function parameterOf(message: string, body: MessageBody): string | null {
  if (body.temperature !== undefined && /\btemperature\b/.test(message)) return 'temperature'
  if (body.thinking !== undefined && /\bthinking\b/.test(message)) return `thinking.${body.thinking.type}`
  if (body.output_config !== undefined && /\b(effort|output_config)\b/.test(message)) return 'effort'
  return body.cache_control !== undefined && /\bcache_control\b/.test(message) ? 'cache_control' : null
}

function retryAfterMs(headers: Headers | undefined): number | null {
  const seconds = headers?.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : null
}
