import { expect, test } from 'vitest'
import { SABOTAGES, SURVIVORS } from './sabotages.ts'
import { makeSchedule } from './schedule.ts'
import { runWorld } from './world.ts'

/** A sabotage may need another seed when the code around it changes. */
const TRIES = 20
const SURVIVOR_SEEDS = [1, 2, 3]

test.each(SABOTAGES)('$rule: the simulation notices that $name', async ({ profile, seed, options }) => {
  let noticed = 0
  for (let next = seed; next < seed + TRIES && noticed === 0; next++) {
    noticed = (await runWorld(makeSchedule(next, profile), options)).violations.length
  }

  expect(noticed).toBeGreaterThan(0)
})

test.each(SURVIVORS)('$rule: another rule covers for it when $name', async ({ profile, options }) => {
  for (const seed of SURVIVOR_SEEDS) {
    const { violations } = await runWorld(makeSchedule(seed, profile), options)

    expect({ seed, violations }).toEqual({ seed, violations: [] })
  }
})

test('each rule from R1 to R11 has a sabotage', () => {
  const rules = new Set(SABOTAGES.map(({ rule }) => rule))

  expect([...rules].sort()).toEqual(Array.from({ length: 11 }, (_, index) => `R${index + 1}`).sort())
})
