import { generateKeyPairSync } from 'node:crypto'
import { AppError } from '#shared/errors.ts'
import type { RunState } from '#shared/runs.ts'
import { DECLARATIVE_WEB_PUSH, type PushMessage, type PushSubscriptionBody } from '#shared/wire/push.ts'
import type { Writer } from '../database/writer.ts'
import { errorFields, type Log } from '../log.ts'
import type { RunsService } from '../runs/runs-service.ts'
import type { LiveHub } from '../sync/live-hub.ts'
import { isPushEndpoint } from './push-endpoint.ts'
import {
  deleteSubscription,
  findAnsweredChat,
  isTitleShown,
  listSubscriptions,
  type PushSubscriptionRow,
  saveSubscription,
} from './push-store.ts'
import { openVapidKeys, type VapidKeys } from './vapid-keys.ts'

export interface PushService {
  /** What a browser asks its push service with. */
  publicKey(): string
  /** Stores where a device is reached; true when that is new. Throws AppError `bad-request` for what is no push service. */
  subscribe(userId: number, device: string, subscription: PushSubscriptionBody): boolean
  unsubscribe(userId: number, endpoint: string): void
  /** Gives up what is on its way. */
  close(): void
}

type PushDependencies = {
  readonly writer: Writer
  readonly runs: Pick<RunsService, 'onState'>
  readonly live: Pick<LiveHub, 'isLooking'>
  readonly fetch: typeof fetch
  readonly keysPath: string
  readonly log: Log
}

const LONGEST_CALL_MS = 10_000
/** A phone that is off for longer sees the answer when it is opened. */
const KEPT_SECONDS = 24 * 60 * 60
/** Push services want to know whom to write to; nobody reads mail for a household's server. */
const CONTACT = 'mailto:nobody@example.org'
const WORDS: Readonly<Partial<Record<RunState, string>>> = {
  done: 'Your answer is ready.',
  error: 'The answer could not be finished.',
}

/**
 * Tells devices that an answer has come to its end: at most the title of its chat, never a word of it. Not those that somebody looks at,
 * and none at all when somebody has read the answer as it came.
 */
export function createPushService(dependencies: PushDependencies): PushService {
  const { writer, runs, live, keysPath, log } = dependencies
  const closing = new AbortController()
  let keys: VapidKeys | null = null

  function vapidKeys(): VapidKeys {
    keys ??= openVapidKeys(keysPath, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
    return keys
  }

  async function send(userId: number, subscription: PushSubscriptionRow, message: PushMessage): Promise<void> {
    const { endpoint } = subscription
    const { status, ok } = await deliver(subscription, message)
    // The service knows the device no more: it was uninstalled, or has subscribed anew.
    if (status === 404 || status === 410) writer.write(transaction => deleteSubscription(transaction, userId, endpoint))
    else if (!ok) log.warn('push-refused', { service: new URL(endpoint).hostname, status })
  }

  async function deliver({ endpoint, p256dh, auth }: PushSubscriptionRow, message: PushMessage): Promise<Response> {
    const { publicKey, privateKey } = vapidKeys()
    // Not needed before the first message.
    const { default: webPush } = await import('web-push')
    const request = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(message), {
      vapidDetails: { subject: CONTACT, publicKey, privateKey },
      TTL: KEPT_SECONDS,
      urgency: 'high',
      contentEncoding: 'aes128gcm',
    })
    const { 'Content-Length': _, ...headers } = Object(request.headers)
    return dependencies.fetch(endpoint, {
      method: 'POST',
      headers,
      body: new Uint8Array(request.body),
      redirect: 'error',
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST_CALL_MS)]),
    })
  }

  function tell(userId: number, messageId: string, words: string): void {
    const chat = findAnsweredChat(writer.sqlite, userId, messageId)
    const away = listSubscriptions(writer.sqlite, userId).filter(({ device }) => !live.isLooking(device))
    if (!chat || away.length === 0) return
    const title = isTitleShown(writer.sqlite, userId) ? chat.title : 'LLM Router'
    const notification = { title, body: words, navigate: `/c/${chat.id}`, tag: chat.id }
    for (const subscription of away) {
      send(userId, subscription, { web_push: DECLARATIVE_WEB_PUSH, notification }).catch((error: unknown) => {
        if (!closing.signal.aborted) log.warn('push-failed', errorFields(error))
      })
    }
  }

  runs.onState(closing.signal, ({ userId, message_id, state, wasFollowed }) => {
    const words = WORDS[state]
    if (words === undefined || wasFollowed) return
    try {
      tell(userId, message_id, words)
    } catch (error) {
      // Whatever is wrong here, the answer is stored and the run has ended well.
      log.error('push-not-sent', errorFields(error))
    }
  })

  return {
    publicKey: () => vapidKeys().publicKey,
    subscribe: (userId, device, { endpoint, keys: { p256dh, auth } }) => {
      if (!isPushEndpoint(endpoint)) throw noService()
      return writer.write(transaction => saveSubscription(transaction, userId, { endpoint, device, p256dh, auth }))
    },
    unsubscribe: (userId, endpoint) => writer.write(transaction => deleteSubscription(transaction, userId, endpoint)),
    close: () => closing.abort(),
  }
}

function noService(): AppError {
  return new AppError('bad-request', 'endpoint should be an address of a push service that this program knows.', {
    field: 'endpoint',
  })
}
