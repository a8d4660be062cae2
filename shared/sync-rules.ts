/** When a field was set, and by which device: decides conflicts and nothing else (the feed's order is the server's `rev`). */
export type FieldClock = readonly [ms: number, device: string]

/** Field → its clock; an absent field has the clock of the row's creation. */
export type FieldClocks = Readonly<Record<string, FieldClock>>

/** Field → the value that somebody set, and when. */
export type FieldSets = Readonly<Record<string, readonly [value: unknown, at: FieldClock]>>

/** R4: the higher time wins, then the higher device id. */
export function isLater(left: FieldClock, right: FieldClock): boolean {
  return left[0] === right[0] ? left[1] > right[1] : left[0] > right[0]
}

/** R4: an edit made after seeing a value always beats it, whatever the clocks say. */
export function nextClock(nowMs: number, replaced: FieldClock, device: string): FieldClock {
  return [Math.max(nowMs, replaced[0] + 1), device]
}

export type MergedFields = {
  /** The fields whose value was replaced. */
  readonly changed: Readonly<Record<string, unknown>>
  readonly clocks: FieldClocks
  /** The sets that came too late: a newer value stands. */
  readonly lost: FieldSets
}

/** R4 for a whole row: takes over each set that is later than what stands; the same set again changes nothing. */
export function mergeFields(clocks: FieldClocks, createdAt: FieldClock, sets: FieldSets): MergedFields {
  const changed: Record<string, unknown> = {}
  const merged: Record<string, FieldClock> = { ...clocks }
  const lost: Record<string, readonly [unknown, FieldClock]> = {}
  for (const [field, [value, at]] of Object.entries(sets)) {
    const standing = merged[field] ?? createdAt
    if (isLater(at, standing)) {
      changed[field] = value
      merged[field] = at
    } else if (isLater(standing, at)) {
      lost[field] = [value, at]
    }
  }
  return { changed, clocks: merged, lost }
}
