import * as v from 'valibot'
import { type PushMessage, pushMessageSchema } from '#shared/wire/push.ts'

const skipSchema = v.object({ type: v.literal('SKIP_WAITING') })

/** Null for anything but the agreed shape. */
export function parsePushMessage(text: string): PushMessage | null {
  const message = v.safeParse(pushMessageSchema, parseJson(text))
  return message.success ? message.output : null
}

/** True for what Workbox in a page says to a version that waits: it is to take over. */
export function isSkipWaiting(data: unknown): boolean {
  return v.is(skipSchema, data)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is not the agreed shape; the schema that follows says so.
    return undefined
  }
}
