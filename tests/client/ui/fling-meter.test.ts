import { expect, test } from 'vitest'
import { createFlingMeter } from '../../../client/ui/screens/fling-meter.ts'

const FRAME_MS = 16

/** What is said of each of some moves, one a frame, by these distances. */
function saidOf(distances: readonly number[], frameMs = FRAME_MS): readonly boolean[] {
  const isFlung = createFlingMeter()
  let topPx = 0
  return distances.map((distance, index) => {
    topPx += distance
    return isFlung({ topPx, atMs: index * frameMs, viewPx: 800 })
  })
}

test('a fling is known by its fourth move, upwards and downwards', () => {
  expect(saidOf([100, 100, 100, 100, 100])).toEqual([false, false, false, true, true])
  expect(saidOf([-100, -100, -100, -100])).toEqual([false, false, false, true])
})

test('somebody who reads on is no fling', () => {
  expect(saidOf(Array(20).fill(20))).not.toContain(true)
})

test('a jump is no fling, nor what a browser sets right once', () => {
  expect(saidOf([50_000, 0, 300, 10, 10])).not.toContain(true)
})

test('moves with rests between them are no fling', () => {
  expect(saidOf([400, 400, 400, 400, 400], 200)).not.toContain(true)
})
