import { expect, test } from 'vitest'
import type { Turn } from '../../../client/stores/message-tree.ts'
import { type Chapter, cutChapters } from '../../../client/ui/screens/cut-chapters.ts'
import { madeMessage } from '../../helpers/made-message.ts'

/** Turns that are called by their numbers, from the first to the last. */
function turns(first: number, last: number): readonly Turn[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    question: madeMessage({ id: String(first + index) }),
    answer: null,
    variants: [],
    variant: 0,
  }))
}

/** The first and the last turn of each chapter. */
function spans(chapters: readonly Chapter[]): readonly string[] {
  return chapters.map(chapter => `${chapter.turns[0]?.question.id}–${chapter.turns.at(-1)?.question.id}`)
}

test('cuts a chat into chapters of at most 25 turns', () => {
  const chapters = cutChapters(turns(1, 60), [])

  expect(spans(chapters)).toEqual(['1–25', '26–50', '51–60'])
})

test('leaves the end where it stands when older turns come before it', () => {
  const end = cutChapters(turns(93, 100), [])

  const whole = cutChapters(turns(1, 100), end)

  expect(spans(whole)).toEqual(['1–17', '18–42', '43–67', '68–92', '93–100'])
  expect(whole.at(-1)?.key).toBe(end[0]?.key)
})

test('puts a new turn into the last chapter until that is full', () => {
  const full = cutChapters(turns(1, 24), [])

  const grown = cutChapters(turns(1, 25), full)
  const begun = cutChapters(turns(1, 26), grown)

  expect(spans(grown)).toEqual(['1–25'])
  expect(spans(begun)).toEqual(['1–25', '26–26'])
})

test('keeps chapters when the end of the chat is another one', () => {
  const before = cutChapters(turns(1, 60), [])

  const after = cutChapters([...turns(1, 30), ...turns(200, 230)], before)

  expect(spans(after)).toEqual(['1–25', '26–219', '220–230'])
})

test('knows nothing of the chat that was shown before', () => {
  const before = cutChapters(turns(1, 60), [])

  expect(spans(cutChapters(turns(500, 530), before))).toEqual(['500–524', '525–530'])
})
