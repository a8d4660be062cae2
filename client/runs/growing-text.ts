const PART_LENGTH = 4_096

/** What can be asked of a text that may not stand in one piece; a string is one. Offsets count from the start. */
export type ReadableText = {
  readonly length: number
  slice(start?: number, end?: number): string
  startsWith(sought: string, at?: number): boolean
}

/**
 * A text that takes little to grow and to be read near its end, however long it is. A string that is appended to is a chain, and
 * an engine copies all of it when it is looked at: a long answer would cost that copy for each of its pieces.
 */
export type GrowingText = ReadableText & {
  /** The text with this behind it. */
  plus(more: string): GrowingText
}

export function createGrowingText(text: string): GrowingText {
  return growingText([], text)
}

/** The parts are equally long and stay as they are; only `open` is appended to. */
function growingText(parts: readonly string[], open: string): GrowingText {
  const whole = Math.floor(open.length / PART_LENGTH)
  if (whole > 0) {
    const more = Array.from({ length: whole }, (_, at) => open.slice(at * PART_LENGTH, (at + 1) * PART_LENGTH))
    return growingText([...parts, ...more], open.slice(whole * PART_LENGTH))
  }
  const length = parts.length * PART_LENGTH + open.length
  function slice(start = 0, end = length): string {
    const first = Math.min(Math.floor(start / PART_LENGTH), parts.length)
    const skipped = first * PART_LENGTH
    return (parts.slice(first).join('') + open).slice(start - skipped, Math.max(0, end - skipped))
  }
  return {
    length,
    slice,
    startsWith: (sought, at = 0) => slice(at, at + sought.length) === sought,
    plus: more => growingText(parts, open + more),
  }
}
