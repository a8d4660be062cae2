import type { Context, MiddlewareHandler } from 'hono'
import { AppError } from '#shared/errors.ts'
import { bareHost } from '../hosts/bare-host.ts'
import { errorResponse } from './errors.ts'
import type { IsOwnHost } from './own-hosts.ts'

/** Says nothing but that it was reached: a page of the plain port asks it whether the certificate is trusted. */
const OPEN_PATH = '/ping'
const SAFE_METHODS = new Set(['GET', 'HEAD'])

/**
 * Refuses what a page of another site could send through a browser: a foreign Host (DNS rebinding), a foreign Origin, a
 * cross-site fetch, and a body that is not JSON, which is the kind a form can send. A request with neither Origin nor
 * Sec-Fetch-Site is no browser's POST but a script's, and passes.
 */
export function guard(isOwnHost: IsOwnHost): MiddlewareHandler {
  return async (context, next) => {
    const refusal =
      refuseHost(context, isOwnHost) ?? refuseOrigin(context) ?? refuseSite(context) ?? refuseType(context)
    if (refusal) return errorResponse(context, refusal)
    return next()
  }
}

function refuseHost(context: Context, isOwnHost: IsOwnHost): AppError | null {
  // HTTP/2 has no Host header, and an absolute-form request line may differ from it: both must be ours.
  const url = URL.parse(context.req.url)
  const header = context.req.header('host')
  const isTargetOwn = url !== null && url.username === '' && url.password === '' && isOwnHost(bareHost(url.host))
  if (isTargetOwn && (header === undefined || isOwnHost(bareHost(header)))) return null
  return new AppError(
    'forbidden-host',
    'This name is not one of your pi. If it should be, add it to ALLOWED_HOSTS and start again.',
    { field: 'host' },
  )
}

function refuseOrigin(context: Context): AppError | null {
  const origin = context.req.header('origin')
  if (origin === undefined) return null
  const host = context.req.header('host') ?? URL.parse(context.req.url)?.host
  if (origin === `http://${host}` || origin === `https://${host}`) return null
  return foreignOrigin('origin')
}

function refuseSite(context: Context): AppError | null {
  const site = context.req.header('sec-fetch-site')
  if (site === undefined || site === 'same-origin') return null
  // "none" is the address bar or a bookmark; a link from another page may open the app, but not read or change anything.
  const isNavigation = context.req.header('sec-fetch-mode') === 'navigate' && !context.req.path.startsWith('/api')
  const isOpen = isNavigation || context.req.path === OPEN_PATH
  if (SAFE_METHODS.has(context.req.method) && (site === 'none' || isOpen)) return null
  return foreignOrigin('sec-fetch-site')
}

function foreignOrigin(field: string): AppError {
  return new AppError('forbidden-origin', 'Only pages of this address may ask here.', { field })
}

function refuseType(context: Context): AppError | null {
  if (SAFE_METHODS.has(context.req.method)) return null
  const type = context.req.header('content-type')
  const hasNoBody = (context.req.header('content-length') ?? '0') === '0' && !context.req.header('transfer-encoding')
  if ((type === undefined && hasNoBody) || /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type ?? ''))
    return null
  // No form can send this one either.
  if (context.req.path === '/api/import' && /^application\/zip\s*$/i.test(type ?? '')) return null
  return new AppError('unsupported-media-type', 'Content-Type should be application/json.', { field: 'content-type' })
}
