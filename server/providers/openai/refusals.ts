import type { AppError } from '#shared/errors.ts'
import { providerFailure } from '../failure.ts'
import type { RefusedParameters } from '../provider.ts'
import { type CallContext, callFailure, type Refusal, refusalOf } from './failures.ts'

/** Which parameters may still be sent to one model. */
export type IsAccepted = (parameter: string) => boolean

type Lesson = {
  readonly context: CallContext
  readonly refused: RefusedParameters
  /** What was sent and can be left out, as `name` or, where only some values may be refused, `name=value`. */
  readonly optional: readonly string[]
}

/**
 * The error of a refused call. Where the server does not know a parameter that can be left out, that is noted, and the
 * error says that the same call is worth sending again.
 */
export function learnFromFailure(error: unknown, { context, refused, optional }: Lesson): AppError {
  const failure = callFailure(error, context)
  const refusal = refusalOf(error)
  if (failure.code !== 'parameter-unsupported' || refusal === null) return failure
  const parameter = blamedParameter(refusal, optional)
  if (parameter === null) return failure
  refused.add(context.model, parameter)
  return providerFailure({ ...refusal, ...context, learnt: true, cause: error })
}

/** The parameter to leave out next time: the named one, else the longest whose name stands in the message. */
function blamedParameter(refusal: Refusal, optional: readonly string[]): string | null {
  const byLength = optional.toSorted((a, b) => nameOf(b).length - nameOf(a).length)
  const named = byLength.filter(
    entry => nameOf(entry) === refusal.parameter || nameOf(entry).startsWith(`${refusal.parameter}.`),
  )
  const told = named.length > 0 ? named : byLength.filter(entry => mentions(refusal.providerMessage, nameOf(entry)))
  const entry = told[0]
  if (entry === undefined) return null
  // Unsupported value: 'minimal' is not supported with this model: the parameter itself is fine.
  return refusal.code === 'unsupported_value' ? entry : nameOf(entry)
}

function nameOf(entry: string): string {
  const equals = entry.indexOf('=')
  return equals < 0 ? entry : entry.slice(0, equals)
}

function mentions(message: string, name: string): boolean {
  return new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`).test(message)
}
