import { signal } from '@preact/signals-core'
import { Tiktoken } from 'js-tiktoken/lite'
import ranks from 'js-tiktoken/ranks/o200k_base'
import { describe, expect, test } from 'vitest'
import { createTokenizer } from '#shared/tokenizer.ts'
import type { PromptParts } from '../../../client/tokens/prompt-parts.ts'
import { promptSize } from '../../../client/tokens/prompt-size.ts'
import type { TokenCounter } from '../../../client/tokens/token-counter.ts'
import { createManualScheduler, settle } from '../sync-host/manual-scheduler.ts'

const tokenizer = createTokenizer(ranks)
const plain = new Tiktoken(ranks)
const NOTHING: PromptParts = { countedTokens: 0, countedBy: null, texts: [] }
const QUESTION = 'What if the battery saver kills the socket? 電池が切れたら?'
/** How OpenAI frames one message, and what it adds and takes off for the whole. */
const FRAME = 4 + 3 - 1

function setUp(start: { parts?: PromptParts; modelId?: string; isBroken?: boolean } = {}) {
  const life = new AbortController()
  const { scheduler, pass } = createManualScheduler()
  const draft = signal('')
  const parts = signal(start.parts ?? NOTHING)
  const modelId = signal<string | null>(start.modelId ?? 'openai/gpt-5-mini')
  const asked: string[][] = []
  const counter: TokenCounter = {
    async count(texts) {
      asked.push([...texts])
      return start.isBroken === true ? null : texts.map(text => tokenizer.count(text))
    },
  }
  const size = promptSize(life.signal, { draft, parts, modelId, counter, scheduler })
  async function pause(): Promise<void> {
    pass(300)
    await settle()
  }
  return { draft, parts, modelId, asked, size, pause }
}

describe('the size of a prompt', () => {
  test('is an estimate at once and exact after a pause', async () => {
    const { draft, size, pause } = setUp()
    draft.value = QUESTION
    const estimated = size.value
    await pause()

    const exact = plain.encode(QUESTION).length + FRAME
    expect(estimated.isExact).toBe(false)
    expect(Math.abs(estimated.tokens - exact) / exact).toBeLessThan(0.35)
    expect(size.value).toEqual({ tokens: exact, isExact: true })
  })

  test('is an estimate again with the next letter, and stays near', async () => {
    const { draft, size, pause } = setUp()
    draft.value = QUESTION
    await pause()

    draft.value = `${QUESTION}?`

    expect(size.value.isExact).toBe(false)
  })

  test('counts a text of the chat once, however often the draft changes', async () => {
    const { draft, asked, pause } = setUp({ parts: { ...NOTHING, texts: ['Be brief.', 'An earlier question'] } })
    draft.value = 'a'
    await pause()
    draft.value = 'ab'
    await pause()

    expect(asked).toEqual([['Be brief.', 'An earlier question', 'a'], ['ab']])
  })

  test('adds what the provider counted of the chat so far', async () => {
    const { draft, size, pause } = setUp({
      parts: { countedTokens: 1_632, countedBy: 'openai/gpt-5-mini', texts: [] },
    })
    draft.value = 'And then?'
    await pause()

    expect(size.value).toEqual({ tokens: 1_632 + plain.encode('And then?').length + FRAME, isExact: true })
  })

  test.each([
    ['another tokenizer', { modelId: 'anthropic/claude-sonnet-4-5' }],
    ['a count of another model', { parts: { countedTokens: 900, countedBy: 'anthropic/claude-opus-4', texts: [] } }],
    ['a device that cannot count', { isBroken: true }],
  ])('never calls itself exact with %s', async (_, start) => {
    const { draft, size, pause } = setUp(start)
    draft.value = QUESTION
    await pause()

    expect(size.value.isExact).toBe(false)
  })

  test('asks nothing while nothing is written', async () => {
    const { draft, asked, pause } = setUp({ parts: { ...NOTHING, texts: ['Be brief.'] } })
    draft.value = '  '
    await pause()

    expect(asked).toEqual([])
  })
})
