import { type ViewElement, view } from './view-node.ts'

const PLAIN_LENGTH = 4_000
/** A box is laid out as one: of short lines it holds fewer characters. */
const PLAIN_LINES = 100

/** Text as it was written, in boxes that the browser can lay out one by one. */
export function describePlain(text: string): readonly ViewElement[] {
  const boxes: ViewElement[] = []
  for (let start = 0; start < text.length; ) {
    const end = start + boxLength(text.slice(start, start + 2 * PLAIN_LENGTH))
    boxes.push(view('pre', { class: 'plain', 'data-plain': '' }, [text.slice(start, end)]))
    start = end
  }
  return boxes
}

/** How much of a text goes into one box: whole lines; of a line too long for that, as much as does not cut a character. */
function boxLength(text: string): number {
  let end = 0
  for (let lines = 0; lines < PLAIN_LINES && end < PLAIN_LENGTH; lines++) {
    const lineEnd = text.indexOf('\n', end)
    if (lineEnd === -1) return text.length <= PLAIN_LENGTH ? text.length : end || cutLength(text)
    end = lineEnd + 1
  }
  return end
}

function cutLength(text: string): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(PLAIN_LENGTH)) ? PLAIN_LENGTH + 1 : PLAIN_LENGTH
}
