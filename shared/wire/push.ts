import * as v from 'valibot'

/** The version of the declarative shape (WebKit's Declarative Web Push), which a browser that knows it shows without a worker. */
export const DECLARATIVE_WEB_PUSH = 8030

/** The setting that all devices share: true puts the titles of chats into notifications, which a locked screen shows. */
export const PUSH_TITLE_SETTING = 'push-title'

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

const ENDPOINT = 'the https address of a push service'
const PUBLIC_KEY = 'a P-256 public key, uncompressed, in base64url'
const SECRET = '16 bytes in base64url'

const endpointField = v.pipe(v.string(ENDPOINT), v.url(ENDPOINT), v.maxLength(2048, ENDPOINT))

/**
 * The body of `POST /api/push/subscriptions`: where a device can be reached, and with what its messages are sealed. What a browser
 * says beside that, such as `expirationTime`, is left out.
 */
export const pushSubscriptionSchema = v.object({
  endpoint: endpointField,
  keys: v.object({
    p256dh: v.pipe(v.string(PUBLIC_KEY), v.regex(/^B[\w-]{86}=?$/, PUBLIC_KEY)),
    auth: v.pipe(v.string(SECRET), v.regex(/^[\w-]{22}(==)?$/, SECRET)),
  }),
})
export type PushSubscriptionBody = v.InferOutput<typeof pushSubscriptionSchema>

/** The body of `DELETE /api/push/subscriptions`. */
export const pushEndpointSchema = v.strictObject({ endpoint: endpointField })

/** The answer of `GET /api/push/key`: the server's public key (P-256, uncompressed), base64url. */
export const pushKeySchema = v.object({ public_key: v.string() })
