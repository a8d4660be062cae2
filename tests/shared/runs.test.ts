import { expect, test } from 'vitest'
import { isRunEnd, messageStatusOf } from '#shared/runs.ts'

test.each([
  ['queued', 'queued', false],
  ['starting', 'streaming', false],
  ['streaming', 'streaming', false],
  ['done', 'complete', true],
  ['error', 'error', true],
  ['cancelled', 'cancelled', true],
  ['interrupted', 'interrupted', true],
] as const)('a run that is %s shows as %s; ended: %s', (state, status, isEnd) => {
  expect([messageStatusOf(state), isRunEnd(state)]).toEqual([status, isEnd])
})
