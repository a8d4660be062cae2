import { parseArgs } from 'node:util'
import { makeSchedule, PROFILE_NAMES, type Schedule } from './schedule.ts'
import { shrink } from './shrink.ts'
import { smallScope } from './small-scope.ts'
import { runWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string' },
    /** Instead of chance: every sequence of so many acts of the small scope. */
    exhaustive: { type: 'string' },
  },
})
const print = (line: string) => process.stdout.write(`${line}\n`)
const first = Number(values.seed)
const count = Number(values.schedules)
const profiles = PROFILE_NAMES.filter(name => values.profile === undefined || values.profile === name)
const startedAt = performance.now()
let bad = 0
let done = 0
for (const schedule of values.exhaustive === undefined ? byChance() : smallScope(Number(values.exhaustive))) {
  done += 1
  const { violations } = await runWorld(schedule)
  if (violations.length === 0) continue
  bad += 1
  print(`seed ${schedule.seed}, ${schedule.profile}:`)
  for (const { invariant, detail } of violations) print(`  ${invariant}: ${detail}`)
  const shrunk = await shrink(schedule)
  print(`  shrunk to ${shrunk.acts.length} of ${schedule.acts.length} acts: ${JSON.stringify(shrunk)}`)
}
const seconds = (performance.now() - startedAt) / 1000
print(`${done} schedules in ${seconds.toFixed(1)} s (${Math.round(done / seconds)}/s), ${bad} with violations`)
process.exitCode = bad === 0 ? 0 : 1

function* byChance(): Generator<Schedule> {
  for (let index = 0; index < count; index++) {
    const profile = profiles[index % profiles.length] ?? 'calm'
    yield makeSchedule(first + Math.floor(index / profiles.length), profile)
  }
}
