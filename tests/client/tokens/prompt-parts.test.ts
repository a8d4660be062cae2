import { expect, test } from 'vitest'
import type { Message } from '#shared/records.ts'
import { ROW_DEFAULTS } from '#shared/sync-row-defaults.ts'
import { parseMessageRow } from '../../../client/device/parse.ts'
import type { Turn } from '../../../client/stores/message-tree.ts'
import { promptParts } from '../../../client/tokens/prompt-parts.ts'

let last = 0

function message(values: Partial<Message>): Message {
  const id = `0198f000-0000-7000-8000-${String(++last).padStart(12, '0')}`
  const row = {
    ...ROW_DEFAULTS.messages,
    conversation_id: id,
    created_at: 1,
    id,
    rev: 1,
    era: 0,
    at: {},
    purged: false,
  }
  const parsed = parseMessageRow({ ...row, ...values })
  if (parsed === null) throw new Error('not a message')
  return parsed
}

function turn(question: string, answer: Partial<Message> | null): Turn {
  const shown = answer === null ? null : message({ role: 'assistant', ...answer })
  return { question: message({ content: question }), answer: shown, variants: [], variant: 0 }
}

const COUNTED = { content: 'Yes.', model: 'openai/gpt-5', tokens_input: 20, tokens_output: 4 }

test('a chat that has not been started carries only its instructions along', () => {
  expect(promptParts([], 'Be brief.')).toEqual({ countedTokens: 0, countedBy: null, texts: ['Be brief.'] })
  expect(promptParts([], null).texts).toEqual([])
})

test('what the last counted answer read, from a cache too, and wrote stands for all before it', () => {
  const answer = { ...COUNTED, tokens_cache_read: 100, tokens_cache_write: 50, tokens_reasoning: 900 }

  expect(promptParts([turn('One', null), turn('Two', answer)], 'Be brief.')).toEqual({
    countedTokens: 174,
    countedBy: 'openai/gpt-5',
    texts: [],
  })
})

test('what came after it is text that is still to be counted', () => {
  const parts = promptParts([turn('One', COUNTED), turn('Two', { content: 'Half an ans', status: 'cancelled' })], null)

  expect(parts).toEqual({ countedTokens: 24, countedBy: 'openai/gpt-5', texts: ['Two', 'Half an ans'] })
})

test('an answer whose server counts nothing is text', () => {
  expect(promptParts([turn('One', { ...COUNTED, tokens_input: 0, tokens_output: 0 })], null).texts).toEqual([
    'One',
    'Yes.',
  ])
})
