import type { Schedule } from './schedule.ts'
import { runWorld, type WorldOptions } from './world.ts'

/** Drops acts from a schedule as long as it still breaks the invariant it broke first. */
export async function shrink(schedule: Schedule, options: WorldOptions = {}): Promise<Schedule> {
  const [first] = (await runWorld(schedule, options)).violations
  if (first === undefined) return schedule
  let smallest = schedule
  for (let size = Math.ceil(schedule.acts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let begin = 0; begin < smallest.acts.length; ) {
      const acts = smallest.acts.toSpliced(begin, size)
      const { violations } = await runWorld({ ...smallest, acts }, options)
      if (violations.some(({ invariant }) => invariant === first.invariant)) smallest = { ...smallest, acts }
      else begin += size
    }
  }
  return smallest
}
