import { Hono } from 'hono'
import * as v from 'valibot'
import { askerOf } from '../http/asker.ts'
import { browserOf } from '../http/browser-cookie.ts'
import { eventStream } from '../http/event-stream.ts'
import { readQuery } from '../http/read-body.ts'
import type { LiveHub } from './live-hub.ts'

/** A page says `page=hidden` when nobody can see it; its line brings the same. */
const liveQuery = v.strictObject({ page: v.optional(v.literal('hidden', 'hidden')) })

export function liveRoutes(hub: LiveHub): Hono {
  return new Hono().get('/', context => {
    const { userId } = askerOf(context)
    const browser = browserOf(context)
    const isLooking = readQuery(context, liveQuery).page === undefined
    return eventStream(sink => hub.listen({ userId, browser, isLooking }, sink))
  })
}
