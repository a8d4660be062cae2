import { Hono } from 'hono'
import { pushEndpointSchema, pushSubscriptionSchema } from '#shared/wire/push.ts'
import { askerOf } from '../http/asker.ts'
import { browserOf, nameBrowser } from '../http/browser-cookie.ts'
import { readBody } from '../http/read-body.ts'
import type { PushService } from './push-service.ts'

export function pushRoutes(push: PushService, makeId: () => string): Hono {
  return new Hono()
    .get('/key', context => context.json({ public_key: push.publicKey() }))
    .post('/subscriptions', async context => {
      const subscription = await readBody(context, pushSubscriptionSchema)
      const device = browserOf(context) ?? makeId()
      const isNew = push.subscribe(askerOf(context).userId, device, subscription)
      nameBrowser(context, device)
      return context.body(null, isNew ? 201 : 200)
    })
    .delete('/subscriptions', async context => {
      const { endpoint } = await readBody(context, pushEndpointSchema)
      push.unsubscribe(askerOf(context).userId, endpoint)
      return context.body(null, 204)
    })
}
