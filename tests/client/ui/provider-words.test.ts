import { expect, test } from 'vitest'
import { providerWords } from '../../../client/ui/components/provider-words.ts'

const NOW = new Date(2026, 10, 23, 14, 30).getTime()
const AT_TEN = new Date(2026, 10, 23, 10, 5).getTime()
const WELL = {
  id: 'openrouter',
  name: 'Openrouter',
  state: 'configured',
  key_variable: 'COMPATIBLE_OPENROUTER_API_KEY',
  last_ok_at: AT_TEN,
  first_token_ms: 412,
  problem: null,
} as const
const row = { id: 'openrouter', state: 'configured', modelCount: 5, standing: WELL } as const

test('a provider that answers says how soon', () => {
  expect(providerWords(row, NOW)).toEqual({
    mark: '●',
    end: '412 ms',
    sub: '5 models · answered 10:05',
    tone: 'ok',
  })
})

test('one that has not been asked yet is ready', () => {
  expect(providerWords({ ...row, standing: null, modelCount: 0 }, NOW)).toMatchObject({
    end: 'ready',
    sub: 'lists no models; they can be named',
  })
})

test('one that nobody has set up says what is to be set', () => {
  const missing = { state: 'missing', modelCount: 0, standing: null } as const

  expect(providerWords({ ...missing, id: 'openai' }, NOW)).toMatchObject({ end: 'no key', sub: 'set its key in .env' })
  expect(providerWords({ ...missing, id: 'ollama' }, NOW)).toMatchObject({
    end: 'not found',
    sub: 'where it runs is set in .env',
  })
})

test.each([
  ['provider-key-rejected', '✗', 'key refused', 'since 10:05 · new key in .env', 'err'],
  ['quota-exceeded', '✗', 'no credit', 'since 10:05 · top up its account', 'err'],
  ['rate-limited', '◐', 'busy', 'too many requests on your key, just now', 'warn'],
  ['provider-overloaded', '◐', 'busy', 'it has too much to do, just now', 'warn'],
  ['provider-unreachable', '▲', 'silent', 'since 10:05 · the pi gets no answer', 'warn'],
  ['provider-timeout', '▲', 'silent', 'since 10:05 · the pi gets no answer', 'warn'],
  ['provider-failed', '▲', 'broken', 'its last answer failed just now', 'warn'],
  ['a-code-of-tomorrow', '▲', 'broken', 'its last answer failed just now', 'warn'],
])('one with the problem %s says what, since when, and what helps', (code, mark, end, sub, tone) => {
  const standing = { ...WELL, problem: { code, since: AT_TEN, last_at: NOW } }

  expect(providerWords({ ...row, standing }, NOW)).toEqual({ mark, end, sub, tone })
})
