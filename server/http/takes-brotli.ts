import type { Context } from 'hono'

/** True when the asker can read brotli and has not ruled it out with `q=0`. */
export function takesBrotli(context: Context): boolean {
  return /\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(context.req.header('accept-encoding') ?? '')
}
