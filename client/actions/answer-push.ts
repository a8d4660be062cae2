import { type ReadonlySignal, signal } from '@preact/signals-core'
import { failureText } from '../api/outcome.ts'
import { parseSubscription } from '../api/parse-subscription.ts'
import type { PushEndpoints } from '../api/push-endpoints.ts'
import type { PushDevice, PushPermission } from '../platform/push.ts'

export type PushState =
  | { readonly state: 'unknown' | 'asking' | 'on' }
  /** They could be switched on, or the browser stands against it. */
  | { readonly state: 'off'; readonly permission: PushPermission }
  | { readonly state: 'failed'; readonly words: string }

/** Whether this device is told when an answer is ready. */
export interface AnswerPush {
  readonly state: ReadonlySignal<PushState>
  /** Finds out how it stands now. */
  look(): Promise<void>
  /** To be called straight from a tap: browsers show their question only then. */
  turnOn(): Promise<void>
  turnOff(): Promise<void>
}

type Ports = { readonly device: PushDevice; readonly endpoints: PushEndpoints }

const NO_SERVICE = 'This browser’s push service did not take it. It may be switched off, or out of reach.'

export function createAnswerPush({ device, endpoints }: Ports): AnswerPush {
  const state = signal<PushState>({ state: 'unknown' })
  async function look(): Promise<void> {
    const isOn = (await device.current()) !== null && device.permission() === 'granted'
    state.value = isOn ? { state: 'on' } : { state: 'off', permission: device.permission() }
  }
  async function subscribe(): Promise<PushState> {
    const permission = await device.ask()
    if (permission !== 'granted') return { state: 'off', permission }
    const key = await endpoints.key()
    if (!key.ok) return { state: 'failed', words: failureText(key.failure) }
    const subscription = await subscribeTo(device, key.value)
    const body = parseSubscription(subscription?.toJSON())
    if (subscription === null || body === null) return { state: 'failed', words: NO_SERVICE }
    const added = await endpoints.add(body)
    if (added.ok) return { state: 'on' }
    await subscription.unsubscribe()
    return { state: 'failed', words: failureText(added.failure) }
  }
  return {
    state,
    look,
    async turnOn() {
      state.value = { state: 'asking' }
      state.value = await subscribe()
    },
    async turnOff() {
      const subscription = await device.current()
      // The browser’s side first: with it gone, nothing arrives, whether or not the pi has heard of it.
      await subscription?.unsubscribe()
      const removed = subscription === null ? null : await endpoints.remove(subscription.endpoint)
      if (removed !== null && !removed.ok) {
        state.value = { state: 'failed', words: `Switched off here. ${failureText(removed.failure)}` }
      } else await look()
    },
  }
}

/**
 * Tells the pi once more where this device can be reached, if it may be: push services change that by themselves, and a restored
 * server has forgotten it. Without an answer, the next start does it.
 */
export async function announceDevice({ device, endpoints }: Ports): Promise<void> {
  if (device.permission() !== 'granted') return
  const body = parseSubscription((await device.current())?.toJSON())
  if (body !== null) await endpoints.add(body)
}

async function subscribeTo(device: PushDevice, publicKey: string): Promise<PushSubscription | null> {
  try {
    return await device.subscribe(publicKey)
  } catch (error) {
    // What a push service says is for programs: that it said no is all there is to tell.
    if (error instanceof DOMException) return null
    throw error
  }
}
