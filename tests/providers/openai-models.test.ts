import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCompatibleProvider } from '../../server/providers/compatible/compatible-provider.ts'
import { isChatModel } from '../../server/providers/openai/chat-models.ts'
import { readModels } from '../../server/providers/openai/models.ts'
import type { Provider } from '../../server/providers/provider.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { rememberRefusals } from './contract.ts'
import { findRecordings } from './recordings.ts'

const LISTS = findRecordings('openai-chat', 'openai-compatible').filter(({ expected }) => expected.models)

let replay: Replay
beforeAll(async () => {
  replay = await startReplay(LISTS)
})
afterAll(() => replay.close())

const providerAt = (baseUrl: string): Provider =>
  createCompatibleProvider({
    id: 'local',
    name: 'Local',
    baseUrl,
    apiKey: null,
    prices: { kind: 'unknown' },
    refused: rememberRefusals(),
  })

test.each(LISTS)('$name lists every model under the provider’s name', async ({ name, expected }) => {
  const models = await providerAt(`${replay.url}/fixture/${name}/v1`).listModels(new AbortController().signal)

  const ids = new Set(models.map(model => model.id))
  expect(ids.size).toBe(expected.models?.count)
  for (const id of expected.models?.first ?? []) expect(ids).toContain(`local/${id}`)
})

test('a server without a list has none', async () => {
  expect(await providerAt(`${replay.url}/nothing/v1`).listModels(new AbortController().signal)).toEqual([])
})

describe('a listing tells', () => {
  const readOne = (entry: object) => readModels({ data: [entry] }, 'p')[0]

  test('prices per token, limits and abilities (OpenRouter)', () => {
    const model = readOne({
      id: 'a/b',
      name: 'A: B',
      context_length: 1000,
      top_provider: { max_completion_tokens: 100 },
      pricing: { prompt: '0.00000045', completion: '0.0000032', input_cache_read: '0.000000003625' },
      architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
      supported_parameters: ['reasoning', 'temperature'],
    })

    expect(model).toEqual({
      id: 'p/a/b',
      provider: 'p',
      name: 'A: B',
      context_window: 1000,
      max_output_tokens: 100,
      price: { input: 0.45, output: 3.2, cache_read: 0.003625, cache_write: null },
      abilities: { vision: true, pdf: false, reasoning: true, temperature: true },
      source: 'live',
    })
  })

  test.each([
    [
      'Perplexity',
      { pricing: { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 } },
      { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 },
    ],
    [
      'Venice',
      { model_spec: { pricing: { input: { usd: 0.15 }, output: { usd: 0.6 } } } },
      { input: 0.15, output: 0.6, cache_read: null, cache_write: null },
    ],
    ['a router without a price of its own', { pricing: { prompt: '-1', completion: '-1' } }, null],
    [
      'a free model',
      { pricing: { prompt: '0', completion: '0' } },
      { input: 0, output: 0, cache_read: null, cache_write: null },
    ],
    ['a server that says nothing', {}, null],
  ])('the price of %s', (_, entry, price) => {
    expect(readOne({ id: 'm', ...entry })?.price).toEqual(price)
  })

  test.each([
    ['Groq', { context_window: 131072, max_completion_tokens: 8192 }, 131072],
    ['Mistral', { max_context_length: 32768 }, 32768],
    ['vLLM', { max_model_len: 4096 }, 4096],
    ['llama.cpp', { meta: { n_ctx: 512, n_ctx_train: 40960 } }, 512],
    ['a server that says nothing', {}, null],
  ])('the context of %s', (_, entry, window) => {
    expect(readOne({ id: 'm', ...entry })?.context_window).toBe(window)
  })

  test('nothing that is not known', () => {
    expect(readOne({ id: 'm' })?.abilities).toEqual({})
  })

  test('which models do not answer prompts', () => {
    const list = [
      { id: 'draws', architecture: { output_modalities: ['image'] } },
      { id: 'embeds', capabilities: { completion_chat: false } },
      { id: 'ranks', type: 'rerank' },
      { id: 'answers', type: 'chat' },
      { nothing: true },
      'text',
    ]

    expect(readModels(list, 'p').map(model => model.id)).toEqual(['p/answers'])
  })
})

test.each([
  'gpt-4o',
  'gpt-5.2-codex',
  'o4-mini',
  'chat-latest',
  'gpt-5.1-chat-latest',
  'ft:gpt-4o:me',
  'gpt-3.5-turbo',
])('%s answers prompts', name => {
  expect(isChatModel(name)).toBe(true)
})

test.each([
  'gpt-image-1',
  'gpt-realtime',
  'gpt-4o-mini-tts',
  'gpt-4o-transcribe',
  'text-embedding-3-small',
  'omni-moderation-latest',
  'whisper-1',
  'sora-2',
  'gpt-3.5-turbo-instruct',
  'chatgpt-image-latest',
  'o3-deep-research',
  'davinci-002',
])('%s does something else', name => {
  expect(isChatModel(name)).toBe(false)
})
