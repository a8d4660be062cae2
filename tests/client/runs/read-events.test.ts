import { expect, test } from 'vitest'
import type { Pause } from '../../../client/platform/pause.ts'
import { readEvents } from '../../../client/runs/read-events.ts'

type PauseEnd = Awaited<ReturnType<Pause>>

/** A connection whose pieces, time and pauses a test moves by hand. */
function openLine() {
  const delays: number[] = []
  const seen: string[] = []
  let now = 0
  let endPause: (end: PauseEnd) => void = () => undefined
  let bring: (text: string) => void = () => undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      bring = text => controller.enqueue(new TextEncoder().encode(text))
    },
  })
  const reading = readEvents(new Response(body), {
    take: name => seen.push(name) > 9,
    signal: new AbortController().signal,
    clock: { now: () => now },
    pause(delayMs, signal) {
      delays.push(delayMs)
      return new Promise(resolve => {
        endPause = resolve
        signal.addEventListener('abort', () => resolve('stopped'))
      })
    },
  })
  return {
    delays,
    reading,
    async hear(atMs: number): Promise<void> {
      now = atMs
      const before = seen.length
      bring('event: token\ndata: {}\n\n')
      await expect.poll(() => seen.length).toBe(before + 1)
    },
    async wait(atMs: number, end: PauseEnd, waits: number): Promise<void> {
      now = atMs
      endPause(end)
      await expect.poll(() => delays.length).toBe(waits)
    },
  }
}

test('takes a line for dead 35 seconds after what was heard last, with one pause at a time', async () => {
  const line = openLine()
  await line.hear(4_000)
  await line.hear(10_000)
  await line.wait(35_000, 'elapsed', 2)
  await line.wait(45_000, 'elapsed', 2)

  expect([await line.reading, line.delays]).toEqual([false, [35_000, 10_000]])
})

test('trusts a line when the page wakes only if it was heard just before', async () => {
  const line = openLine()
  await line.hear(8_500)
  await line.wait(10_000, 'woken', 2)
  await line.wait(10_501, 'woken', 2)

  expect([await line.reading, line.delays]).toEqual([false, [35_000, 33_500]])
})
