import type { Segment } from './segment.ts'

/** A segment of the index and what of it is not current any more. */
export type Part = { segment: Segment; name: string | null; readonly dead: Uint8Array<ArrayBuffer>; deadCount: number }

/** Segments whose sizes are of one order of magnitude are merged when there are so many. */
const MERGED_AT_ONCE = 8
const SMALLEST_TIER_BYTES = 65_536
/** So many documents are worth the work of writing the others anew. */
const LEAST_STALE = 64

/** A segment that nothing was taken out of yet. */
export function newPart(segment: Segment): Part {
  return { segment, name: null, dead: new Uint8Array(Math.ceil(segment.docs / 8)), deadCount: 0 }
}

/** A segment from the disk; null when what is known of its documents does not fit it. */
export function storedPart(segment: Segment, name: string, dead: Uint8Array<ArrayBuffer>): Part | null {
  return dead.length === Math.ceil(segment.docs / 8) ? { segment, name, dead, deadCount: countBits(dead) } : null
}

/** Takes a document out. */
export function kill(part: Part, doc: number): void {
  if (isDead(part, doc)) return
  part.dead[doc >> 3] = (part.dead[doc >> 3] ?? 0) | (1 << (doc & 7))
  part.deadCount++
}

export function isDead({ dead }: Part, doc: number): boolean {
  return (((dead[doc >> 3] ?? 0) >> (doc & 7)) & 1) === 1
}

function countBits(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) for (let rest = byte; rest > 0; rest &= rest - 1) count++
  return count
}

/** The segments to merge next: enough of one size, or one of which most is not current any more. */
export function chooseMerge(parts: readonly Part[]): readonly Part[] {
  const stale = parts.find(({ segment, deadCount }) => deadCount > LEAST_STALE && deadCount * 2 > segment.docs)
  if (stale !== undefined) return [stale]
  const tiers = Map.groupBy(parts, ({ segment }) => tierOf(segment.bytes))
  return [...tiers.values()].find(tier => tier.length >= MERGED_AT_ONCE) ?? []
}

function tierOf(bytes: number): number {
  let tier = 0
  for (let size = SMALLEST_TIER_BYTES; bytes > size; size *= MERGED_AT_ONCE) tier++
  return tier
}
