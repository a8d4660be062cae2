import type { RandomBytes } from '#shared/clock.ts'
import { seededRandom } from '../helpers/seeded-random.ts'

/** One number out of several, so that every part of a schedule has chance of its own and keeps it when others are taken away. */
export function mixSeeds(...seeds: readonly number[]): number {
  let mixed = 0x811c9dc5
  for (const seed of seeds) {
    mixed = Math.imul(mixed ^ (seed >>> 0), 0x01000193)
    mixed ^= mixed >>> 15
  }
  return mixed >>> 0
}

export function seededBytes(seed: number): RandomBytes {
  const random = seededRandom(seed)
  return length => Uint8Array.from({ length }, () => Math.floor(random() * 256))
}
