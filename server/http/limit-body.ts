import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '#shared/errors.ts'
import { errorResponse } from './errors.ts'

/**
 * Refuses a body of more than `mostBytes`. One whose length is stated is judged by that alone, for Hono's own limit opens every
 * body, and one that was opened and not read blocks the connection: the next request on it would wait until it breaks.
 */
export function limitBody(mostBytes: number): MiddlewareHandler {
  const refuse = (context: Context) =>
    errorResponse(context, new AppError('too-large', `The body should be at most ${mostBytes / 1024} KiB.`))
  const limitUnstated = bodyLimit({ maxSize: mostBytes, onError: refuse })
  return async (context, next) => {
    const length = context.req.header('content-length')
    if (length === undefined) return limitUnstated(context, next)
    if (Number(length) > mostBytes) return refuse(context)
    return next()
  }
}
