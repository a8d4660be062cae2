import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { isId } from '#shared/ids.ts'

const NAME = 'llmr-browser'
/** Browsers keep no cookie for longer. */
const YEAR_AND_MORE_SECONDS = 400 * 24 * 60 * 60

/** The browser that asks, by the name it was given; null before that. It tells a device that listens from one that is away, and opens nothing. */
export function browserOf(context: Context): string | null {
  const name = getCookie(context, NAME)
  return isId(name) ? name : null
}

/** Gives the browser a name, which every later request of its brings along, event streams included. */
export function nameBrowser(context: Context, name: string): void {
  setCookie(context, NAME, name, { path: '/', maxAge: YEAR_AND_MORE_SECONDS, httpOnly: true, sameSite: 'Strict' })
}
