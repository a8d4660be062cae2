import { el } from '../dom/element.ts'

/** A text whose matching letters stand out. The ranges are in rising order and do not overlap. */
export function markedText(text: string, ranges: readonly (readonly [number, number])[]): readonly (Node | string)[] {
  const parts: (Node | string)[] = []
  let at = 0
  for (const [start, end] of ranges) {
    if (start > at) parts.push(text.slice(at, start))
    parts.push(el('b', {}, text.slice(start, end)))
    at = end
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}
