import { expect, test } from 'vitest'
import type { Message, Role } from '#shared/records.ts'
import { chatOutline } from '../../../client/stores/chat-outline.ts'
import { madeMessage } from '../../helpers/made-message.ts'

let time = 0

function message(id: string, parent_id: string | null, role: Role): Message {
  time++
  return madeMessage({ id, parent_id, role, content: id, created_at: time })
}

function outline(messages: readonly Message[], leafId: string): readonly string[] {
  const rows = chatOutline(new Map(messages.map(row => [row.id, row])), leafId)
  return rows.map(({ message: { id }, rails, fork, isShown }) => {
    const lines = rails.map(goesOn => (goesOn ? '│ ' : '  ')).join('')
    return `${lines}${{ none: '', middle: '├─', last: '└─' }[fork]}${isShown ? '●' : '○'} ${id}`
  })
}

test('a chat without branches is a list of its questions', () => {
  const messages = [
    message('q1', null, 'user'),
    message('a1', 'q1', 'assistant'),
    message('q2', 'a1', 'user'),
    message('a2', 'q2', 'assistant'),
  ]

  expect(outline(messages, 'a2')).toEqual(['● q1', '● q2'])
})

test('forks are drawn in, with what follows each of their ways below it', () => {
  const messages = [
    message('q1', null, 'user'),
    message('a1', 'q1', 'assistant'),
    message('a2', 'q1', 'assistant'),
    message('q2', 'a1', 'user'),
    message('q3', 'a1', 'user'),
    message('q4', 'a2', 'user'),
  ]

  expect(outline(messages, 'q3')).toEqual(['● q1', '├─● a1', '│ ├─○ q2', '│ └─● q3', '└─○ a2', '  ○ q4'])
})

test('is made of a chat thousands of messages deep', () => {
  const messages = Array.from({ length: 5_000 }, (_, index) =>
    message(`m${index}`, index === 0 ? null : `m${index - 1}`, index % 2 === 0 ? 'user' : 'assistant'),
  )

  expect(outline(messages, 'm4999')).toHaveLength(2_500)
})
