import { expect, test } from 'vitest'
import { createGaze } from '../../../client/sync-host/gaze.ts'
import { createManualScheduler } from './manual-scheduler.ts'

function createWorld() {
  const { scheduler, pass } = createManualScheduler()
  const said: boolean[] = []
  const gaze = createGaze({ scheduler, onChange: isSeen => said.push(isSeen) })
  return { gaze, pass, said }
}

test('nobody looks until a tab says so, and each change is said once', () => {
  const { gaze, said } = createWorld()
  const before = gaze.isSeen()

  gaze.own(true)
  gaze.own(true)
  gaze.own(false)

  expect([before, said]).toEqual([false, [true, false]])
})

test('another tab that is seen holds as long as it answers, and no longer', () => {
  const { gaze, pass, said } = createWorld()

  gaze.other(true)
  for (const _ of [1, 2, 3]) {
    pass(9_000)
    gaze.other(true)
  }
  const meanwhile = [...said]
  pass(10_000)

  expect([meanwhile, said]).toEqual([[true], [true, false]])
})

test('a tab that went out of sight leaves the one that is seen', () => {
  const { gaze, said } = createWorld()
  gaze.own(true)
  gaze.other(true)

  gaze.other(false)
  const meanwhile = gaze.isSeen()
  gaze.own(false)

  expect([meanwhile, said]).toEqual([true, [true, false]])
})
