import type { Context } from 'hono'
import * as v from 'valibot'
import { AppError } from '#shared/errors.ts'

const MOST_DEPTH = 100
const NO_OBJECT = 'The body should be a JSON object.'

/**
 * The request's JSON body, checked; unknown fields are refused by the schema. Throws AppError `bad-json` or `bad-request`, the
 * latter with the wrong field's path and what would be right.
 */
export async function readBody<Schema extends v.GenericSchema>(
  context: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  // The guard lets a request without a type pass only when it has no body: then every field is left out.
  if (context.req.header('content-type') === undefined) return checkBody(schema, {})
  const value = parseJson(decode(await context.req.arrayBuffer()))
  // To valibot a list is an object too, one without fields.
  if (Array.isArray(value)) throw new AppError('bad-request', NO_OBJECT)
  return checkBody(schema, value)
}

/** Query parameters, each named at most once, checked like a body. */
export function readQuery<Schema extends v.GenericSchema>(context: Context, schema: Schema): v.InferOutput<Schema> {
  const values = new Map<string, string>()
  // Not by Hono's own reader, which loses a parameter called `__proto__`.
  for (const [name, value] of new URL(context.req.url).searchParams) {
    if (values.has(name)) throw new AppError('bad-request', `${name} should stand once.`, { field: name })
    values.set(name, value)
  }
  return checkBody(schema, Object.fromEntries(values))
}

/** The contract says UTF-8: what is not is refused, for a replaced character would be stored in place of the one that was meant. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('bad-json', 'The body should be JSON in UTF-8.', { cause })
  }
}

function parseJson(text: string): unknown {
  refuseDepth(text)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad-json', 'The body should be JSON.', { cause })
  }
}

/** The same for a body that was read as whatever it is. */
export function checkBody<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  const field = v.getDotPath(issue) ?? ''
  if (field !== '') throw new AppError('bad-request', `${field} ${complaint(issue)}.`, { field })
  throw new AppError(
    'bad-request',
    isOfObject(issue) ? NO_OBJECT : `The body should be an object with ${issue.message}.`,
  )
}

/** Our schemas say in each message what would be right, except for the objects themselves: there valibot names what it expected. */
function complaint(issue: v.BaseIssue<unknown>): string {
  if (!isOfObject(issue)) return `should be ${issue.message}`
  if (issue.expected === 'never') return 'should be left out: there is no such field'
  return issue.expected === 'Object' ? 'should be an object' : 'is missing'
}

function isOfObject({ type }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' || type === 'object'
}

function refuseDepth(text: string): void {
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (isInString) {
      if (unit === 0x5c) index++
      else if (unit === 0x22) isInString = false
    } else if (unit === 0x22) isInString = true
    else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > MOST_DEPTH) throw new AppError('bad-json', `The body should be nested at most ${MOST_DEPTH} deep.`)
    } else if (unit === 0x7d || unit === 0x5d) depth--
  }
}
