import type { ReadableText } from '../runs/growing-text.ts'

// To compare all of a long text with each piece would cost more the longer it is.
const SHORT = 8_000

/**
 * Tells of each text whether it begins with the one before. What came last is compared with each text, the whole only now and
 * then and with the last text: a head that was changed is noticed later, but never missed.
 */
export function createGrowthCheck(first: ReadableText): (text: ReadableText, isLast: boolean) => boolean {
  /** What is known to have stood at the start of every text since the last that did not grow. */
  let head = first
  let before = first
  return (text, isLast) => {
    const hasTail = text.startsWith(before.slice(head.length), head.length)
    const isWhole = isLast || head.length < SHORT || text.length - head.length > SHORT
    const isGrown = hasTail && text.length >= before.length && (!isWhole || text.startsWith(head.slice()))
    if (isWhole || !isGrown) head = text
    before = text
    return isGrown
  }
}
