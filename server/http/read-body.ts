import type { Context } from 'hono'
import * as v from 'valibot'
import { AppError } from '#shared/errors.ts'

const MOST_DEPTH = 100

/**
 * The request's JSON body, checked; unknown fields are refused by the schema. Throws AppError `bad-json` or `bad-request`, the
 * latter with the wrong field's path and what would be right.
 */
export async function readBody<Schema extends v.GenericSchema>(
  context: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const text = await context.req.text()
  return check(schema, parseJson(text === '' ? '{}' : text))
}

/** Query parameters, each named at most once, checked like a body. */
export function readQuery<Schema extends v.GenericSchema>(context: Context, schema: Schema): v.InferOutput<Schema> {
  const values: Record<string, string> = {}
  for (const [name, all] of Object.entries(context.req.queries())) {
    if (all.length > 1) throw new AppError('bad-request', `${name} should stand once.`, { field: name })
    if (all[0] !== undefined) values[name] = all[0]
  }
  return check(schema, values)
}

function parseJson(text: string): unknown {
  refuseDepth(text)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad-json', 'The body should be JSON.', { cause })
  }
}

function check<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  const field = v.getDotPath(issue) ?? ''
  if (field === '') throw new AppError('bad-request', `The body should be a JSON object with ${describe(issue)}.`)
  throw new AppError('bad-request', `${field} should be ${describe(issue)}.`, { field })
}

/** Our schemas say in each message what would be right; what valibot says by itself names expected and received types. */
function describe(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'left out: there is no such field'
  if (issue.message.startsWith('Invalid')) return issue.expected?.replace(/^"(.*)"$/, '$1') ?? 'something else'
  return issue.message
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
