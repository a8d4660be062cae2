import { expect, test } from 'vitest'
import { createLoop, retryMs, type StepEnd } from '../../client/sync/loop.ts'
import { createVirtualTime, schedulerOf } from './virtual-time.ts'

/** A loop whose steps end as scripted, each at once; `times` are the moments of its steps. */
function scriptedLoop(script: readonly StepEnd[]) {
  const time = createVirtualTime(0)
  const times: number[] = []
  const loop = createLoop({
    step: () => {
      times.push(time.now())
      return Promise.resolve(script[times.length - 1] ?? { next: 'rest' })
    },
    scheduler: schedulerOf(time, { isAlive: true }),
    // The middle of the jitter: waits are exactly 1, 2, 4 … seconds.
    randomBytes: length => new Uint8Array(length).fill(128),
  })
  return { time, loop, times }
}

const RETRY: StepEnd = { next: 'retry', atLeastMs: 0 }

test('takes one step for many triggers, and none when nothing is wanted', async () => {
  const { time, loop, times } = scriptedLoop([])
  loop.trigger(50)
  loop.trigger(50)

  await time.run(10_000)

  expect(times).toEqual([50])
})

test('a more urgent trigger comes before one that waits', async () => {
  const { time, loop, times } = scriptedLoop([])
  loop.trigger(50)
  loop.trigger(0)

  await time.run(10_000)

  expect(times).toEqual([0])
})

test('waits longer after each failure, up to a minute, and triggers do not cut that short', async () => {
  const { time, loop, times } = scriptedLoop(Array.from({ length: 9 }, () => RETRY))
  loop.trigger(0)
  await time.run(500)
  loop.trigger(0)

  await time.run(200_000)

  expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183].map(seconds => seconds * 1000))
})

test('waking ends the wait, and begins the counting anew', async () => {
  const { time, loop, times } = scriptedLoop([RETRY, RETRY, RETRY])
  loop.trigger(0)
  await time.run(1500)

  loop.wake()
  await time.run(4000)

  expect(times).toEqual([0, 1000, 1500, 2500])
})

test('waits as long as the server asks', async () => {
  const { time, loop, times } = scriptedLoop([{ next: 'retry', atLeastMs: 30_000 }])
  loop.trigger(0)

  await time.run(60_000)

  expect(times).toEqual([0, 30_000])
})

test('does nothing by itself while it is blocked, and steps again when woken', async () => {
  const { time, loop, times } = scriptedLoop([{ next: 'block' }])
  loop.trigger(0)
  await time.run(100_000)
  loop.trigger(0)
  await time.run(200_000)

  loop.wake()
  await time.run(300_000)

  expect(times).toEqual([0, 200_000])
})

test('takes no step after it was stopped', async () => {
  const { time, loop, times } = scriptedLoop([])
  loop.trigger(50)
  loop.stop()
  loop.wake()

  await time.run(10_000)

  expect(times).toEqual([])
})

test('spreads the waits by half to each side', () => {
  const waits = [0, 255].map(byte => retryMs(0, length => new Uint8Array(length).fill(byte)))

  expect(waits).toEqual([500, 1496])
})
