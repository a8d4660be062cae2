import type { Clock } from '#shared/clock.ts'

/** Reads that may begin before they are asked for. */
export interface AheadReader<Result> {
  begin(id: string): void
  /** What was begun for this id a moment ago, or else reads now. */
  take(id: string): Promise<Result>
}

/** As long as a tap may take; what is older may have changed meanwhile. */
const FRESH_MS = 1_000

export function createAheadReader<Result>(read: (id: string) => Promise<Result>, clock: Clock): AheadReader<Result> {
  let begun: { readonly id: string; readonly atMs: number; readonly result: Promise<Result> } | null = null
  return {
    begin(id) {
      const result = read(id)
      begun = { id, atMs: clock.now(), result }
      // Nobody may ever ask; who does hears of it.
      void Promise.allSettled([result])
    },
    take(id) {
      const ready = begun?.id === id && clock.now() - begun.atMs < FRESH_MS ? begun.result : null
      begun = null
      return ready ?? read(id)
    },
  }
}
