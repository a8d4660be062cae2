import * as v from 'valibot'
import { type PushSubscriptionBody, pushSubscriptionSchema } from '#shared/wire/push.ts'

/** What the server needs of a browser's subscription; null where the browser gives less. */
export function parseSubscription(value: unknown): PushSubscriptionBody | null {
  const subscription = v.safeParse(pushSubscriptionSchema, value)
  return subscription.success ? subscription.output : null
}
