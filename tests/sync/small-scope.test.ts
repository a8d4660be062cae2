import { expect, test } from 'vitest'
import { smallScope } from './small-scope.ts'
import { runWorld } from './world.ts'

test('keeps every promise whatever one thing happens, at any pace, over any line', async () => {
  for (const schedule of smallScope(1)) {
    const { violations } = await runWorld(schedule)

    expect({ acts: schedule.acts, violations }).toEqual({ acts: schedule.acts, violations: [] })
  }
})

test('goes through each pair of acts once for each pace and line', () => {
  const schedules = [...smallScope(2)]

  expect(schedules).toHaveLength(11 * 11 * 3 * 2)
  expect(new Set(schedules.map(schedule => JSON.stringify(schedule))).size).toBe(schedules.length)
})
