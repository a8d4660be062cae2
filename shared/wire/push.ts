import * as v from 'valibot'

/** The version of the declarative shape (WebKit's Declarative Web Push), which a browser that knows it shows without a worker. */
const DECLARATIVE_WEB_PUSH = 8030

/** What the server sends through a push service, and a service worker shows where the browser does not do so by itself. */
export const pushMessageSchema = v.object({
  web_push: v.literal(DECLARATIVE_WEB_PUSH),
  notification: v.object({
    title: v.string(),
    body: v.optional(v.string()),
    /** Where a tap leads, as a URL of this origin. */
    navigate: v.string(),
    /** A later message with the same tag takes the place of the earlier one. */
    tag: v.optional(v.string()),
    app_badge: v.optional(v.string()),
  }),
})
export type PushMessage = v.InferOutput<typeof pushMessageSchema>

/** The body of `POST /api/push/subscriptions`: where a device can be reached, and with what its messages are sealed. */
export const pushSubscriptionSchema = v.object({
  endpoint: v.pipe(v.string(), v.url(), v.maxLength(2048)),
  keys: v.object({
    /** The device's public key (P-256, uncompressed), base64url. */
    p256dh: v.pipe(v.string(), v.regex(/^[\w-]{80,100}=*$/)),
    /** 16 shared bytes, base64url. */
    auth: v.pipe(v.string(), v.regex(/^[\w-]{16,32}=*$/)),
  }),
})
export type PushSubscriptionBody = v.InferOutput<typeof pushSubscriptionSchema>

/** The answer of `GET /api/push/key`: the server's public key (P-256, uncompressed), base64url. */
export const pushKeySchema = v.object({ public_key: v.string() })
