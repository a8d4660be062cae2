import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAnthropicProvider } from '../../server/providers/anthropic/anthropic-provider.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { askProvider, describeProviderContract, rememberRefusals, requestFor } from './contract.ts'
import { type Expected, findRecordings, type Recording } from './recordings.ts'

const RECORDINGS = findRecordings('anthropic')

describeProviderContract({
  name: 'Anthropic',
  create: (baseUrl, refused) => createAnthropicProvider({ apiKey: 'test', baseUrl, refused }),
  streams: RECORDINGS.filter(({ kind }) => kind === 'sse').map(withAllPasses),
  totalTokens: ({ usage }) =>
    ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'output_tokens']
      .map(field => Number(usage?.[field] ?? 0))
      .reduce((sum, count) => sum + count),
  midFailure: 'provider-overloaded',
})

/** The SDK's final message counts the last pass only; the recording's own `iterations` name 60,385 + 612 and 522 + 2,819. */
function withAllPasses(recording: Recording): Recording {
  if (recording.name !== 'anthropic/compaction-opus-4.6') return recording
  const expected: Expected = { ...recording.expected, usage: { input_tokens: 60_997, output_tokens: 3_341 } }
  return { ...recording, expected }
}

describe('Anthropic', () => {
  let replay: Replay
  beforeAll(async () => {
    replay = await startReplay(RECORDINGS)
  })
  afterAll(() => replay.close())

  function create(options: { path?: string } = {}) {
    const refused = rememberRefusals()
    return createAnthropicProvider({ apiKey: 'key-1', baseUrl: `${replay.url}${options.path ?? ''}`, refused })
  }

  test('sends one request with the key, caching and what was asked', async () => {
    const before = replay.calls.length
    const asked = requestFor('fixture:anthropic/text', { system: 'Be brief.', temperature: 0.2, maxOutputTokens: 900 })

    await askProvider(create(), asked)

    expect(replay.calls.slice(before)).toMatchObject([
      {
        path: '/v1/messages',
        headers: { authorization: 'Bearer key-1', 'anthropic-version': '2026-10-21' },
        body: {
          model: 'fixture:anthropic/text',
          max_tokens: 900,
          stream: true,
          system: 'Be brief.',
          temperature: 0.2,
          cache_control: { type: 'ephemeral' },
          messages: [{ role: 'user', content: 'Hello' }],
        },
      },
    ])
  })

  test('tells the request id, the model that answered and each bucket of tokens', async () => {
    const events = []
    for await (const batch of create().stream(requestFor('fixture:anthropic/text'), new AbortController().signal)) {
      events.push(...batch)
    }

    expect(events[0]).toEqual({ type: 'accepted', requestId: 'req_sample' })
    expect(events[1]).toEqual({ type: 'served-model', model: 'claude-opus-5-5' })
    expect(events.at(-2)).toMatchObject({
      type: 'usage',
      usage: {
        tokens: { input: 21, cache_read: 1200, cache_write: 40, cache_write_1h: 300, output: 41, reasoning: 17 },
        raw: { output_tokens: 58, cache_creation: { ephemeral_1h_input_tokens: 300 }, inference_geo: 'global' },
        serviceTier: 'standard',
        reportedPicousd: null,
      },
    })
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  })

  test('keeps the exact input of an answer whose line was cut', async () => {
    const answer = await askProvider(create(), 'fixture:anthropic/text;cut=0.5')

    expect(answer.error?.code).toBe('provider-incomplete')
    expect(answer.text).not.toBe('')
    expect(answer.usage?.tokens).toMatchObject({ input: 21, cache_read: 1200, cache_write: 40, cache_write_1h: 300 })
  })

  test('gives the text before a refusal', async () => {
    const answer = await askProvider(create(), 'fixture:anthropic/refusal')

    expect(answer).toMatchObject({ text: 'First, take', finish: 'refusal', error: null })
  })

  test('passes on how long the provider asks to wait', async () => {
    const answer = await askProvider(create(), 'fixture:anthropic/err-rate')

    expect(answer.error).toMatchObject({ code: 'rate-limited', retryable: true, retryAfterMs: 7_000 })
  })

  test('asks a gateway without a key and takes none from elsewhere', async () => {
    const provider = createAnthropicProvider({ apiKey: null, baseUrl: replay.url, refused: rememberRefusals() })

    const answer = await askProvider(provider, 'fixture:anthropic/text')

    expect(answer.finish).toBe('stop')
    expect(replay.calls.at(-1)?.headers).not.toHaveProperty('authorization')
    expect(replay.calls.at(-1)?.headers).not.toHaveProperty('x-api-key')
  })

  test('takes its key to no other address than the configured one', async () => {
    const before = replay.calls.length
    const elsewhere = createServer((_, response) => {
      response.writeHead(307, { location: `${replay.url}/v1/messages` }).end()
    })
    elsewhere.listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const address = elsewhere.address()
    const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const provider = createAnthropicProvider({ apiKey: 'key-1', baseUrl, refused: rememberRefusals() })

    const answer = await askProvider(provider, 'fixture:anthropic/text')
    elsewhere.close()

    expect(answer.error).toMatchObject({ code: 'provider-unreachable', retryable: false })
    expect(replay.calls.length).toBe(before)
  })

  test('lets an overload be tried again', async () => {
    const answer = await askProvider(create(), 'fixture:anthropic/text;fail=529')

    expect(answer.error).toMatchObject({ code: 'provider-overloaded', retryable: true })
  })

  test.each([
    ['err-temperature', { temperature: 0.5 }, 'temperature', 'temperature'],
    ['err-effort', { reasoning: 'high' }, 'output_config', 'reasoning'],
  ] as const)('learns from %s once, and asks without it the next time', async (name, settings, field, ours) => {
    const provider = create()
    const before = replay.calls.length
    const asked = requestFor(`fixture:anthropic/${name}`, settings)

    const first = await askProvider(provider, asked)
    await askProvider(provider, asked)

    const [one, other] = replay.calls.slice(before).map(call => call.body)
    expect(first.error).toMatchObject({ code: 'parameter-unsupported', field: ours, retryable: true })
    expect(one).toHaveProperty(field)
    expect(other).not.toHaveProperty(field)
  })

  test('goes from one form of thinking to the other, then without', async () => {
    const provider = create()
    const before = replay.calls.length
    const asked = requestFor('fixture:anthropic/err-thinking', { reasoning: 'low' })

    const answers = [await askProvider(provider, asked), await askProvider(provider, asked)]
    await askProvider(provider, asked)

    const bodies = replay.calls.slice(before).map(call => call.body)
    expect(bodies).toMatchObject([{ thinking: { type: 'adaptive' } }, { thinking: { type: 'enabled' } }, {}])
    expect(bodies[2]).not.toHaveProperty('thinking')
    expect(answers.map(answer => answer.error?.retryable)).toEqual([true, true])
  })

  test('learns nothing from a value that is out of range', async () => {
    const provider = create()
    const asked = requestFor('fixture:anthropic/err-temperature-range', { temperature: 1.5 })

    const answers = [await askProvider(provider, asked), await askProvider(provider, asked)]

    expect(answers.map(answer => answer.error?.detail)).toMatchObject([
      { code: 'parameter-refused', field: 'temperature', retryable: false },
      { code: 'parameter-refused', field: 'temperature', retryable: false },
    ])
    expect(replay.calls.at(-1)?.body).toHaveProperty('temperature', 1.5)
  })

  test('learns the limit of max_tokens that a model names', async () => {
    const provider = create()

    const first = await askProvider(provider, 'fixture:anthropic/err-max-tokens')
    await askProvider(provider, 'fixture:anthropic/err-max-tokens')

    expect(first.error).toMatchObject({ code: 'parameter-unsupported', retryable: true })
    expect(replay.calls.at(-1)?.body).toHaveProperty('max_tokens', 8192)
  })

  test('lists models with their limits and abilities', async () => {
    const models = await create({ path: '/fixture/anthropic/models-2026-10-21' }).listModels(
      new AbortController().signal,
    )

    expect(models).toEqual([
      {
        id: 'anthropic/claude-sonnet-7',
        provider: 'anthropic',
        name: 'Claude Sonnet 7',
        context_window: 1_000_000,
        max_output_tokens: 96_000,
        price: null,
        abilities: { vision: true, pdf: true, reasoning: true, temperature: false },
        source: 'live',
      },
      {
        id: 'anthropic/claude-haiku-4-5-20251001',
        provider: 'anthropic',
        name: 'Claude Haiku 4.5',
        context_window: 200_000,
        max_output_tokens: 48_000,
        price: null,
        abilities: { vision: true, pdf: true, reasoning: true, temperature: true },
        source: 'live',
      },
      {
        id: 'anthropic/claude-next',
        provider: 'anthropic',
        name: 'Claude Next',
        context_window: null,
        max_output_tokens: null,
        price: null,
        abilities: { reasoning: true, temperature: true },
        source: 'live',
      },
    ])
  })

  test('asks each listed model as the list says, and one without its date too', async () => {
    const provider = create({ path: '/fixture/anthropic/models-2026-10-21' })
    await provider.listModels(new AbortController().signal)

    await askProvider(provider, requestFor('claude-sonnet-7', { reasoning: 'none' }))
    await askProvider(provider, requestFor('claude-haiku-4-5', { reasoning: 'max' }))

    expect(replay.calls.slice(-2).map(call => call.body)).toMatchObject([
      { max_tokens: 96_000, thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } },
      { max_tokens: 48_000, thinking: { type: 'enabled', budget_tokens: 24_000 } },
    ])
  })

  test('says why a list is refused', async () => {
    const listing = create({ path: '/fixture/anthropic/text;fail=401' }).listModels(new AbortController().signal)

    await expect(listing).rejects.toMatchObject({ code: 'provider-key-rejected' })
  })

  test('says that the server of a list is not there', async () => {
    const gone = await startReplay([])
    await gone.close()
    const provider = createAnthropicProvider({ apiKey: 'test', baseUrl: gone.url, refused: rememberRefusals() })

    await expect(provider.listModels(new AbortController().signal)).rejects.toMatchObject({
      code: 'provider-unreachable',
      retryable: true,
    })
  })
})
