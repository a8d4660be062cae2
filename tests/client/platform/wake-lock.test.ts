import { expect, test } from 'vitest'
import { createWakeLock } from '../../../client/platform/wake-lock.ts'

/** The browser's side: counts what is held, and can take it back as it does when a page goes out of sight. */
function fakeScreen(options: { readonly refusal?: DOMException } = {}) {
  const held = new Set<EventTarget>()
  const manager = {
    async request() {
      if (options.refusal) throw options.refusal
      const lock = Object.assign(new EventTarget(), {
        type: 'screen' as const,
        released: false,
        onrelease: null,
        async release() {
          lock.released = true
          held.delete(lock)
        },
      })
      held.add(lock)
      return lock
    },
  }
  const takeBack = async () => {
    for (const lock of held) await (lock as unknown as WakeLockSentinel).release()
  }
  return { manager, takeBack, isOn: () => held.size }
}

test('holds the screen while it is wanted, once', async () => {
  const { manager, isOn } = fakeScreen()
  const lock = createWakeLock(manager)

  await Promise.all([lock.set(true), lock.set(true)])
  expect(isOn()).toBe(1)
  await lock.set(false)
  expect(isOn()).toBe(0)
})

test('asks again after the browser took it back', async () => {
  const { manager, takeBack, isOn } = fakeScreen()
  const lock = createWakeLock(manager)
  await lock.set(true)
  await takeBack()

  await lock.set(false)
  await lock.set(true)

  expect(isOn()).toBe(1)
})

test('does without where the browser refuses or has none, and lets other failures out', async () => {
  const refused = createWakeLock(fakeScreen({ refusal: new DOMException('no', 'NotAllowedError') }).manager)
  await refused.set(true)
  await createWakeLock(undefined).set(true)

  const broken = createWakeLock(fakeScreen({ refusal: new DOMException('no', 'DataError') }).manager)
  await expect(broken.set(true)).rejects.toThrow('no')
})
