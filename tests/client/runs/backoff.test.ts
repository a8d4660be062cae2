import { expect, test } from 'vitest'
import { backoffMs } from '../../../client/runs/backoff.ts'

test('doubles from 250 ms and stays at 8 s', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 20].map(attempt => backoffMs(attempt, () => 0.5))).toEqual([
    250, 500, 1000, 2000, 4000, 8000, 8000, 8000,
  ])
})

test('spreads the tries of many devices over half to one and a half of the time', () => {
  expect([backoffMs(0, () => 0), backoffMs(0, () => 1)]).toEqual([125, 375])
})
