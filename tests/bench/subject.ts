import { median } from './statistics.ts'

/** One of the things set beside each other, and what was measured of it so far. */
export type Subject<Sample> = { readonly measure: () => Promise<Sample>; readonly samples: Sample[] }

export function subject<Sample>(measure: () => Promise<Sample>): Subject<Sample> {
  return { measure, samples: [] }
}

/** Measures each subject once a round, in turned order, so that whatever else the machine does hits all of them alike. */
export async function takeTurns<Sample>(rounds: number, subjects: readonly Subject<Sample>[]): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { measure, samples } of round % 2 === 0 ? subjects : subjects.toReversed()) samples.push(await measure())
  }
}

/** The median over the rounds of one figure. */
export function medianOf<Sample>({ samples }: Subject<Sample>, pick: (sample: Sample) => number): number {
  return median(samples.map(pick))
}
