const FIRST_MS = 250
const LONGEST_MS = 8_000

/** How long to wait before another try, in milliseconds: doubles from 250 to 8 000, each half to one and a half of it by chance. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS) * (0.5 + random())
}
