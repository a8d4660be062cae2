import type { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { bareHost, hostInUrl } from '../hosts/bare-host.ts'
import { isLoopback } from '../hosts/private-addresses.ts'
import { mobileConfig } from './mobile-config.ts'
import { isPlatform, platformOf } from './platforms.ts'
import { setUpPage } from './set-up-page.ts'

export type SetUpOptions = {
  /** What devices are asked to trust; null when the certificate is the person's own, which they trust already. */
  readonly authority: X509Certificate | null
  /** The host to go on with by HTTPS, for somebody who has come by this one. */
  readonly secureHostFor: (host: string) => string
  readonly securePort: () => number
  /** The app's own, whose tokens the page wears; none where only the API runs. */
  readonly styleSheets: readonly string[]
}

const SKIP_COOKIE = 'llmr-without-https'
const SKIP_SECONDS = 365 * 24 * 60 * 60
const ASSETS = {
  css: readFileSync(new URL('./page/page.css', import.meta.url), 'utf8'),
  js: readFileSync(new URL('./page/page.js', import.meta.url), 'utf8'),
}

/** The way from plain HTTP to the installed app: offered to browsers of other devices at `/`, and to everybody at `/https`. */
export function setUpRoutes(options: SetUpOptions): Hono {
  const { authority } = options
  const routes = new Hono()
    .get('/', (context, next) => (isOffered(context) ? context.redirect('/https') : next()))
    .get('/https', context => showPage(context, options))
    .get('/https/skip', context => {
      setCookie(context, SKIP_COOKIE, '1', { path: '/', maxAge: SKIP_SECONDS, httpOnly: true, sameSite: 'Lax' })
      return context.redirect('/', 303)
    })
    .get('/https/page.css', context => context.body(ASSETS.css, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
    .get('/https/page.js', context =>
      context.body(ASSETS.js, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
    )
    // The page on the other port, another origin, may see that this works, which is all there is to see.
    .get('/ping', context => context.body(null, 204, { 'Cross-Origin-Resource-Policy': 'cross-origin' }))
  if (!authority) return routes
  return routes
    .get('/ca.crt', context =>
      download(context, { text: authority.toString(), type: 'application/x-x509-ca-cert', name: 'llm-router.crt' }),
    )
    .get('/ca.mobileconfig', context =>
      download(context, {
        text: mobileConfig(authority),
        type: 'application/x-apple-aspen-config',
        name: 'llm-router.mobileconfig',
      }),
    )
}

/** A front-end that speaks HTTPS for us has nothing to set up, nor has whoever chose to go without. */
function isOffered(context: Context): boolean {
  const { protocol, host } = new URL(context.req.url)
  const isPage = context.req.header('accept')?.includes('text/html') === true
  const isBehindHttps = context.req.header('x-forwarded-proto')?.startsWith('https') === true
  return (
    protocol === 'http:' && isPage && !isBehindHttps && !isLoopback(bareHost(host)) && !getCookie(context, SKIP_COOKIE)
  )
}

function showPage(context: Context, options: SetUpOptions): Response | Promise<Response> {
  const { protocol, host, origin } = new URL(context.req.url)
  const { authority, secureHostFor, securePort, styleSheets } = options
  const secureOrigin = `https://${hostInUrl(secureHostFor(bareHost(host)))}:${securePort()}`
  const on = context.req.query('on')
  context.header('Content-Security-Policy', policyFor(secureOrigin))
  return context.html(
    setUpPage({
      platform: isPlatform(on) ? on : platformOf(context.req.header('user-agent') ?? ''),
      secureOrigin,
      pageUrl: `${origin}/https`,
      fingerprint: authority?.fingerprint256 ?? null,
      isSecure: protocol === 'https:',
      styleSheets,
    }),
  )
}

/** As for the app, and one more address to ask whether it is trusted. */
function policyFor(secureOrigin: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self' ${secureOrigin}`,
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function download(
  context: Context,
  file: { readonly text: string; readonly type: string; readonly name: string },
): Response {
  return context.body(file.text, 200, {
    'Content-Type': file.type,
    'Content-Disposition': `attachment; filename="${file.name}"`,
  })
}
