import { expect, test } from 'vitest'
import { describePlain } from '../../../client/markdown/describe-plain.ts'

const textsOf = (text: string) => describePlain(text).map(({ children }) => String(children[0]))

test('a plain text is cut into boxes that can be laid out one by one, and nothing of it is lost', () => {
  const prose = `${'word '.repeat(200)}\n`.repeat(20)
  const shortLines = 'aaa\n'.repeat(1_000)
  const oneLine = '𝒜'.repeat(6_000)

  for (const text of [prose, shortLines, oneLine, 'a', `${oneLine}\n${shortLines}`]) {
    const boxes = textsOf(text)

    expect(boxes.join('')).toBe(text)
    expect(Math.max(...boxes.map(box => box.length))).toBeLessThanOrEqual(8_000)
    expect(Math.max(...boxes.map(box => box.split('\n').length - 1))).toBeLessThanOrEqual(100)
    expect(boxes.filter(box => !box.isWellFormed())).toEqual([])
  }
})
