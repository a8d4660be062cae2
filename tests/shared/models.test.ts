import { expect, test } from 'vitest'
import { parseModelId } from '#shared/models.ts'

test.each([
  ['openai/gpt-5', { provider: 'openai', model: 'gpt-5' }],
  ['router/meta/llama:free', { provider: 'router', model: 'meta/llama:free' }],
  ['ollama/ ', { provider: 'ollama', model: ' ' }],
])('%s is a provider and its model', (id, parts) => {
  expect(parseModelId(id)).toEqual(parts)
})

test.each(['', '/', 'openai', 'openai/', '/gpt-5'])('%j is neither', id => {
  expect(parseModelId(id)).toBeNull()
})
