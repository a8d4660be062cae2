import type { Context } from 'hono'
import { AppError } from '#shared/errors.ts'
import { errorResponse } from './errors.ts'

type Route = { readonly method: string; readonly path: string }

/** The answer where no route took the request: 405 with `Allow` when the path knows other methods, else 404. */
export function nothingThere(context: Context, routes: readonly Route[]): Response {
  const { path } = context.req
  const methods = new Set(
    routes.filter(route => route.method !== 'ALL' && isAt(route.path, path)).map(route => route.method),
  )
  if (methods.has('GET')) methods.add('HEAD')
  if (methods.size === 0 || methods.has(context.req.method)) {
    return errorResponse(context, new AppError('not-found', 'There is nothing at this address.'))
  }
  const allowed = [...methods].sort().join(', ')
  context.header('Allow', allowed)
  return errorResponse(
    context,
    new AppError('method-not-allowed', `This address takes ${allowed}, not ${context.req.method}.`),
  )
}

/** `/*` is the client's: it stands for every path but those of the API. */
function isAt(pattern: string, path: string): boolean {
  if (pattern === '/*') return !path.startsWith('/api')
  const parts = pattern.split('/')
  const own = path.split('/')
  return (
    parts.length === own.length &&
    parts.every((part, index) => part === own[index] || (part.startsWith(':') && own[index] !== ''))
  )
}
