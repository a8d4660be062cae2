import { expect, test } from 'vitest'
import { announceDevice, createAnswerPush } from '../../../client/actions/answer-push.ts'
import type { Outcome } from '../../../client/api/outcome.ts'
import type { PushEndpoints } from '../../../client/api/push-endpoints.ts'
import type { PushDevice, PushPermission } from '../../../client/platform/push.ts'

const ENDPOINT = 'https://fcm.googleapis.com/fcm/send/a'
const KEYS = { p256dh: `B${'p'.repeat(86)}`, auth: 'a'.repeat(22) }
const DONE: Outcome<unknown> = { ok: true, value: null }
const SILENT: Outcome<never> = { ok: false, failure: { kind: 'silent' } }

type Setting = {
  readonly permission?: PushPermission
  readonly answer?: PushPermission
  readonly isSubscribed?: boolean
  readonly subscribe?: () => never
  readonly endpoints?: Partial<PushEndpoints>
}

function setUp({ permission = 'open', answer = 'granted', isSubscribed = false, ...setting }: Setting = {}) {
  const told: unknown[] = []
  let now = permission
  let current: PushSubscription | null = null
  const subscription = (): PushSubscription => ({
    endpoint: ENDPOINT,
    expirationTime: null,
    options: { applicationServerKey: null, userVisibleOnly: true },
    getKey: () => null,
    toJSON: () => ({ endpoint: ENDPOINT, keys: KEYS }),
    async unsubscribe() {
      current = null
      return true
    },
  })
  if (isSubscribed) current = subscription()
  const device: PushDevice = {
    permission: () => now,
    ask: async () => {
      now = answer
      return now
    },
    current: async () => current,
    subscribe: async publicKey => {
      setting.subscribe?.()
      told.push(['subscribe', publicKey])
      current = subscription()
      return current
    },
  }
  const endpoints: PushEndpoints = {
    key: async () => ({ ok: true, value: 'the key' }),
    add: async body => {
      told.push(['add', body])
      return DONE
    },
    remove: async endpoint => {
      told.push(['remove', endpoint])
      return DONE
    },
    ...setting.endpoints,
  }
  return { device, endpoints, told, isSubscribed: () => current !== null }
}

test('asks the browser, then the push service, then tells the pi', async () => {
  const { told, ...ports } = setUp()
  const push = createAnswerPush(ports)

  await push.turnOn()

  expect(push.state.value).toEqual({ state: 'on' })
  expect(told).toEqual([
    ['subscribe', 'the key'],
    ['add', { endpoint: ENDPOINT, keys: KEYS }],
  ])
})

test('stays off where the user says no', async () => {
  const { told, ...ports } = setUp({ answer: 'denied' })
  const push = createAnswerPush(ports)

  await push.turnOn()

  expect(push.state.value).toEqual({ state: 'off', permission: 'denied' })
  expect(told).toEqual([])
})

test('is off again when the pi does not hear of it', async () => {
  const { isSubscribed, ...ports } = setUp({ endpoints: { add: async () => SILENT } })
  const push = createAnswerPush(ports)

  await push.turnOn()

  expect(push.state.value).toMatchObject({ state: 'failed', words: expect.stringContaining('The pi does not answer') })
  expect(isSubscribed()).toBe(false)
})

test('says in words that a push service refused', async () => {
  const refuse = (): never => {
    throw new DOMException('Registration failed - push service error', 'AbortError')
  }
  const push = createAnswerPush(setUp({ subscribe: refuse }))

  await push.turnOn()

  expect(push.state.value).toMatchObject({ state: 'failed', words: expect.stringContaining('push service') })
})

test('is switched off on this device even while the pi is silent', async () => {
  const { isSubscribed, ...ports } = setUp({
    permission: 'granted',
    isSubscribed: true,
    endpoints: { remove: async () => SILENT },
  })
  const push = createAnswerPush(ports)

  await push.turnOff()

  expect(isSubscribed()).toBe(false)
  expect(push.state.value).toMatchObject({ state: 'failed', words: expect.stringContaining('Switched off here') })
})

test('names the subscription to the pi when it is switched off', async () => {
  const { told, ...ports } = setUp({ permission: 'granted', isSubscribed: true })
  const push = createAnswerPush(ports)

  await push.turnOff()

  expect(told).toEqual([['remove', ENDPOINT]])
  expect(push.state.value).toEqual({ state: 'off', permission: 'granted' })
})

test('tells the pi of itself at each start, where it may be reached', async () => {
  const reachable = setUp({ permission: 'granted', isSubscribed: true })
  const other = setUp({ permission: 'denied', isSubscribed: true })

  await announceDevice(reachable)
  await announceDevice(other)

  expect(reachable.told).toEqual([['add', { endpoint: ENDPOINT, keys: KEYS }]])
  expect(other.told).toEqual([])
})
