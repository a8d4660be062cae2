import { expect, test } from 'vitest'
import { makeSchedule, PROFILE_NAMES } from './schedule.ts'
import { runWorld } from './world.ts'

/** As many as fit in about 20 seconds of one core; `npm run simulate` runs others. */
const SEEDS_A_PROFILE = 12

test.each(PROFILE_NAMES)('keeps every promise under: %s', async profile => {
  for (let seed = 1; seed <= SEEDS_A_PROFILE; seed++) {
    const { violations } = await runWorld(makeSchedule(seed, profile))

    expect({ seed, violations }).toEqual({ seed, violations: [] })
  }
})

test('fetches all messages of a chat that slipped past the list and moved on until the feed brought it', async () => {
  const { violations } = await runWorld(makeSchedule(3_000_097, 'slow'))

  expect(violations).toEqual([])
})

test.each(PROFILE_NAMES)('happens the same way twice under: %s', async profile => {
  const schedule = makeSchedule(2, profile)

  const [once, again] = [await runWorld(schedule), await runWorld(schedule)]

  expect(again.traceHash).toBe(once.traceHash)
})

test('happens another way for another seed', async () => {
  const one = await runWorld(makeSchedule(1, 'calm'))
  const other = await runWorld(makeSchedule(2, 'calm'))

  expect(other.traceHash).not.toBe(one.traceHash)
})
