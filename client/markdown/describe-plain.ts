import { type ViewElement, view } from './view-node.ts'

const PLAIN_LENGTH = 4_000

/** Text as it was written, in boxes that the browser can lay out one by one. */
export function describePlain(text: string): readonly ViewElement[] {
  const boxes: ViewElement[] = []
  for (let start = 0; start < text.length; ) {
    const end = plainEnd(text, start + PLAIN_LENGTH)
    boxes.push(view('pre', { class: 'plain', 'data-plain': '' }, [text.slice(start, end)]))
    start = end
  }
  return boxes
}

/** A line end at or after `offset`; a text without any is cut where it is, but not inside a character. */
function plainEnd(text: string, offset: number): number {
  if (offset >= text.length) return text.length
  const lineEnd = text.indexOf('\n', offset)
  if (lineEnd !== -1 && lineEnd < offset + PLAIN_LENGTH) return lineEnd + 1
  return /[\uDC00-\uDFFF]/.test(text.charAt(offset)) ? offset + 1 : offset
}
