import { expect, test } from 'vitest'
import { compareAnswers } from '../../../client/ui/components/compare-answers.ts'
import { madeMessage } from '../../helpers/made-message.ts'

const BLANK = madeMessage({ id: 'a', parent_id: 'q', role: 'assistant', model: 'one/alpha' })

test('tells how much of the text two answers share, and which costs more', () => {
  const answer = { ...BLANK, content: 'one two three four', cost_nanousd: 5_000_000 }
  const other = { ...BLANK, model: 'two/beta', content: 'One, two: three.', cost_nanousd: 3_000_000 }

  expect(compareAnswers(answer, [other])).toEqual([
    { name: 'beside beta', value: '75% same · 1 word more' },
    { name: 'it cost', value: '$0.0020 more' },
  ])
})

test('counts a word as often as the text has it that has it less', () => {
  const answer = { ...BLANK, content: 'a a a a' }
  const other = { ...BLANK, content: 'a b' }

  expect(compareAnswers(answer, [other])[0]?.value).toBe('25% same · 2 words more')
})

test('leaves out what is not known', () => {
  expect(compareAnswers(BLANK, [BLANK])).toEqual([])
})
