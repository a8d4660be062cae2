import type { MiddlewareHandler } from 'hono'

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types llmr-url',
].join('; ')

export const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  // Not no-referrer: it turns Origin into "null" on form navigations.
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Origin-Agent-Cluster', '?1'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(self), usb=(), payment=(), browsing-topics=()'],
  ['X-DNS-Prefetch-Control', 'off'],
]

/** What a route may say for itself. */
const OWN_POLICIES = new Set(['Content-Security-Policy', 'Cross-Origin-Resource-Policy'])

/** A year. The name alone: other services of the same machine may know no HTTPS. */
const STRICT_TRANSPORT = 'max-age=31536000'

/**
 * Sets the security headers on every answer, refusals and streams included; a page with a policy of its own keeps that. With
 * `isTransportStrict` a browser that has come by HTTPS once never comes by HTTP again, which no own authority could ask for.
 */
export function securityHeaders(options: { readonly isTransportStrict: boolean }): MiddlewareHandler {
  return async (context, next) => {
    await next()
    const { headers } = context.res
    for (const [name, value] of SECURITY_HEADERS)
      if (!OWN_POLICIES.has(name) || !headers.has(name)) headers.set(name, value)
    if (options.isTransportStrict && context.req.url.startsWith('https:'))
      headers.set('Strict-Transport-Security', STRICT_TRANSPORT)
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  }
}
