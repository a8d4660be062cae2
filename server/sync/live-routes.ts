import { Hono } from 'hono'
import { askerOf } from '../http/asker.ts'
import { browserOf } from '../http/browser-cookie.ts'
import { eventStream } from '../http/event-stream.ts'
import type { LiveHub } from './live-hub.ts'

export function liveRoutes(hub: LiveHub): Hono {
  return new Hono().get('/', context => {
    const { userId } = askerOf(context)
    const browser = browserOf(context)
    return eventStream(sink => hub.listen({ userId, browser }, sink))
  })
}
