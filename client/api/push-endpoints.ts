import * as v from 'valibot'
import { type PushSubscriptionBody, pushKeySchema } from '#shared/wire/push.ts'
import type { Api } from './api-client.ts'
import type { Outcome } from './outcome.ts'

/** The calls about notifications, apart from the others: they are made from setup. */
export interface PushEndpoints {
  /** The server's public key, which a browser asks a push service with. */
  key(): Promise<Outcome<string>>
  add(subscription: PushSubscriptionBody): Promise<Outcome<unknown>>
  remove(endpoint: string): Promise<Outcome<unknown>>
}

const PATH = '/api/push/subscriptions'

export function createPushEndpoints(api: Api): PushEndpoints {
  return {
    key: () => api.call('/api/push/key', value => v.parse(pushKeySchema, value).public_key),
    add: body => api.open(PATH, { method: 'POST', body }),
    remove: endpoint => api.open(PATH, { method: 'DELETE', body: { endpoint } }),
  }
}
