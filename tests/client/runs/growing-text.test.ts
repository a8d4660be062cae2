import { expect, test } from 'vitest'
import { createGrowingText, type GrowingText } from '../../../client/runs/growing-text.ts'
import { seededRandom } from '../../helpers/seeded-random.ts'

test('reads like the string of its pieces, wherever it is cut', () => {
  const random = seededRandom(3)
  let text = createGrowingText('')
  let same = ''
  for (let piece = 0; piece < 400; piece++) {
    const more = 'aé漢🚲\n'.repeat(random() * (piece % 50 === 0 ? 3_000 : 12)).slice(Math.floor(random() * 3))
    text = text.plus(more)
    same += more
    const [start, end] = [random(), random()].map(part => Math.floor(part * (same.length + 10)))
    expect([text.length, text.slice(start), text.slice(start, end)]).toEqual([
      same.length,
      same.slice(start),
      same.slice(start, Math.max(start ?? 0, end ?? 0)),
    ])
  }
  expect(text.slice()).toBe(same)
})

test('begins with what a string begins with', () => {
  const same = 'abcdefg'.repeat(2_000)
  const text = createGrowingText(same)

  const asked: readonly (readonly [string, number])[] = [
    ['', 14_000],
    ['abc', 0],
    ['abd', 0],
    [same.slice(4_000, 9_000), 4_000],
    [same.slice(4_000, 9_000), 4_001],
    ['gg', 13_999],
  ]
  expect(asked.map(([sought, at]) => text.startsWith(sought, at))).toEqual(
    asked.map(([sought, at]) => same.startsWith(sought, at)),
  )
})

test('stays as it is when more comes behind it', () => {
  const texts: GrowingText[] = [createGrowingText('')]
  for (let piece = 0; piece < 1_000; piece++) texts.push((texts.at(-1) ?? createGrowingText('')).plus('eleven char'))

  expect(texts.map(text => text.slice()).every((text, index) => text === 'eleven char'.repeat(index))).toBe(true)
})
