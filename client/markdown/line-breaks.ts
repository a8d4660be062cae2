/** Offset of the first character of the line that holds `offset`. */
export function lineStartOf(source: string, offset: number): number {
  let start = offset
  while (start > 0 && !isLineBreak(source, start - 1)) start--
  return start
}

/** Offset after the line break that ends the line at `offset`; the end of the text when there is none. */
export function lineEndOf(source: string, offset: number): number {
  let end = offset
  while (end < source.length && !isLineBreak(source, end)) end++
  return source.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, source.length)
}

/** Whether a line feed or carriage return stands at `offset`. */
export function isLineBreak(source: string, offset: number): boolean {
  const code = source.charCodeAt(offset)
  return code === 10 || code === 13
}
