import { describe, expect, test } from 'vitest'
import type { Message, Role } from '#shared/records.ts'
import { newestLeaf, turnsTo } from '../../../client/stores/message-tree.ts'
import { madeMessage } from '../../helpers/made-message.ts'

function message(id: string, parentId: string | null, role: Role, createdAt: number): Message {
  return madeMessage({ id, parent_id: parentId, role, content: id, created_at: createdAt })
}

const rows = (...messages: readonly Message[]) => new Map(messages.map(row => [row.id, row]))

/* ask ─ answer ─ more ─ more-answer
       └ again   (the same prompt answered once more)
   edited ─ edited-answer            (the prompt changed) */
const tree = rows(
  message('ask', null, 'user', 1),
  message('answer', 'ask', 'assistant', 2),
  message('more', 'answer', 'user', 3),
  message('more-answer', 'more', 'assistant', 4),
  message('again', 'ask', 'assistant', 5),
  message('edited', null, 'user', 6),
  message('edited-answer', 'edited', 'assistant', 7),
)
const shown = (leaf: string | null) => turnsTo(tree, leaf).map(turn => [turn.question.id, turn.answer?.id])

describe('turnsTo', () => {
  test('follows the active leaf up to the root', () => {
    expect(shown('more-answer')).toEqual([
      ['ask', 'answer'],
      ['more', 'more-answer'],
    ])
  })

  test('counts edits and repeated answers as one row of variants, in the order they were made', () => {
    const [turn] = turnsTo(tree, 'again')
    expect(turn?.variants).toEqual(['answer', 'again', 'edited-answer'])
    expect(turn?.variant).toBe(1)
  })

  test('shows the newest way when the leaf is unknown', () => {
    expect(shown('nowhere')).toEqual([['edited', 'edited-answer']])
    expect(shown(null)).toEqual([['edited', 'edited-answer']])
  })

  test('shows a prompt whose answer has not begun', () => {
    expect(turnsTo(rows(message('ask', null, 'user', 1)), 'ask')).toMatchObject([
      { answer: null, variants: ['ask'], variant: 0 },
    ])
  })

  test('shows nothing for no messages', () => {
    expect(turnsTo(new Map(), null)).toEqual([])
  })
})

test('the newest leaf below an answer is what followed it last', () => {
  expect(newestLeaf(tree, 'answer')).toBe('more-answer')
  expect(newestLeaf(tree, 'again')).toBe('again')
})
