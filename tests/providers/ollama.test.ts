import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOllamaProvider } from '../../server/providers/ollama/ollama-provider.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { askProvider, describeProviderContract, rememberRefusals, requestFor } from './contract.ts'
import { findRecordings, type Recording } from './recordings.ts'

const RECORDINGS = findRecordings('ollama')
const LONE_TAG = 'ollama/text-qwen3'

describeProviderContract({
  name: 'Ollama',
  create: (baseUrl, refused) => createOllamaProvider({ baseUrl, refused }),
  streams: RECORDINGS.filter(({ kind }) => kind === 'ndjson'),
  totalTokens: ({ usage }) => (usage ? Number(usage.prompt_eval_count) + Number(usage.eval_count) : null),
  oracles: Object.fromEntries(RECORDINGS.filter(({ name }) => name === LONE_TAG).map(splitAtTag)),
  midFailure: 'provider-failed',
})

/** The official client leaves a lone closing tag in the text. */
function splitAtTag({ name, path }: Recording) {
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  const content = lines.map(line => JSON.parse(line).message.content).join('')
  const [reasoning = '', text = ''] = content.split('</think>')
  return [name, { reasoning, text: text.trimStart() }] as const
}

describe('Ollama', () => {
  let replay: Replay
  beforeAll(async () => {
    replay = await startReplay(RECORDINGS)
  })
  afterAll(() => replay.close())

  const create = () => createOllamaProvider({ baseUrl: `${replay.url}/`, refused: rememberRefusals() })

  test('sends one request to the native API', async () => {
    const before = replay.calls.length
    const asked = requestFor('fixture:ollama/text', { system: 'Be brief.', temperature: 0.2, reasoning: 'none' })

    await askProvider(create(), asked)

    expect(replay.calls.slice(before)).toMatchObject([
      {
        path: '/api/chat',
        body: {
          model: 'fixture:ollama/text',
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'Hello' },
          ],
          stream: true,
          think: false,
          truncate: false,
          options: { num_ctx: 8192, temperature: 0.2 },
        },
      },
    ])
  })

  test('reads a whole answer that comes as one JSON object', async () => {
    const answer = await askProvider(create(), 'fixture:ollama/lone-answer')

    expect(answer).toMatchObject({ text: 'All at once. 🐑', finish: 'stop', model: 'qwen3:4b', error: null })
    expect(answer.usage?.tokens).toMatchObject({ input: 8, output: 6 })
  })

  test.each([
    ['err-model', 'unknown-model', 'ollama pull'],
    ['err-context', 'context-too-long', 'too long'],
    ['err-memory', 'provider-failed', 'too little memory'],
    ['err-sign-in', 'provider-key-rejected', 'rejected the key'],
  ])('%s is %s and says %s', async (name, code, words) => {
    const { error } = await askProvider(create(), `fixture:ollama/${name}`)

    expect(error).toMatchObject({ code, retryable: false, message: expect.stringContaining(words) })
  })

  test('learns that a model cannot think, and asks it without the next time', async () => {
    const provider = create()
    const asked = requestFor('fixture:ollama/err-think', { reasoning: 'high' })

    const first = await askProvider(provider, asked)
    expect(replay.calls.at(-1)?.body).toHaveProperty('think', 'high')
    const second = await askProvider(provider, asked)

    expect(replay.calls.at(-1)?.body).not.toHaveProperty('think')
    expect(first.error).toMatchObject({ code: 'parameter-unsupported', field: 'reasoning', retryable: true })
    expect(second.error?.retryable).toBe(false)
  })

  test('asks an older server to think without naming a level', async () => {
    const provider = create()
    const asked = requestFor('fixture:ollama/err-think-level', { reasoning: 'max' })

    const first = await askProvider(provider, asked)
    await askProvider(provider, asked)

    expect(first.error).toMatchObject({ code: 'parameter-unsupported', retryable: true })
    expect(replay.calls.at(-1)?.body).toHaveProperty('think', true)
  })

  test('leaves the context of a cloud model to the cloud, and says how to sign in', async () => {
    const cloud = await startRefusing(401, 'unauthorized')

    const { error } = await askProvider(cloud.provider, 'gpt-oss:120b-cloud')
    await cloud.close()

    expect(cloud.bodies).toMatchObject([{ model: 'gpt-oss:120b-cloud' }])
    expect(cloud.bodies[0]).not.toHaveProperty('options')
    expect(error).toMatchObject({ code: 'provider-key-rejected', message: expect.stringContaining('ollama signin') })
  })
})

describe('the models of Ollama', () => {
  const signal = new AbortController().signal
  const SHOWN: Readonly<Record<string, object>> = {
    'qwen3:4b': shown('qwen3', 40_960, ['completion', 'tools', 'thinking']),
    'gemma3:latest': shown('gemma3', 6_000, ['completion', 'vision']),
    'all-minilm:latest': shown('bert', 512, ['embedding']),
    'gpt-oss:120b-cloud': shown('gptoss', 131_072, ['completion', 'thinking']),
  }

  function shown(architecture: string, contextLength: number, capabilities: readonly string[]) {
    const model_info = { 'general.architecture': architecture, [`${architecture}.context_length`]: contextLength }
    return { capabilities, model_info }
  }

  test('are those that can chat, local ones free', async () => {
    const ollama = await startFakeOllama([...Object.keys(SHOWN), 'old:latest'], SHOWN)

    const models = await ollama.provider.listModels(signal)
    await ollama.close()

    const free = { input: 0, output: 0, cache_read: 0, cache_write: 0 }
    const common = { provider: 'ollama', max_output_tokens: null, source: 'live' }
    const able = { pdf: false, temperature: true }
    expect(models).toEqual([
      {
        ...common,
        id: 'ollama/qwen3:4b',
        name: 'qwen3:4b',
        context_window: 40_960,
        price: free,
        abilities: { ...able, vision: false, reasoning: true },
      },
      {
        ...common,
        id: 'ollama/gemma3:latest',
        name: 'gemma3:latest',
        context_window: 6_000,
        price: free,
        abilities: { ...able, vision: true, reasoning: false },
      },
      {
        ...common,
        id: 'ollama/gpt-oss:120b-cloud',
        name: 'gpt-oss:120b-cloud',
        context_window: 131_072,
        price: null,
        abilities: { ...able, vision: false, reasoning: true },
      },
      // The server could not show this one, which hides neither it nor the others.
      { ...common, id: 'ollama/old:latest', name: 'old:latest', context_window: null, price: free, abilities: able },
    ])
  })

  test('are asked for at most four at a time', async () => {
    const names = Array.from({ length: 11 }, (_, index) => `model${index}:latest`)
    const ollama = await startFakeOllama(names, {})

    const models = await ollama.provider.listModels(signal)
    await ollama.close()

    expect(models.map(model => model.name)).toEqual(names)
    expect(ollama.mostAtOnce()).toBeLessThanOrEqual(4)
  })

  test('are given no more context than they were trained for, with and without their tag', async () => {
    const ollama = await startFakeOllama(Object.keys(SHOWN), SHOWN)
    await ollama.provider.listModels(signal)

    await askProvider(ollama.provider, 'gemma3')
    await askProvider(ollama.provider, 'qwen3:4b')
    await ollama.close()

    expect(ollama.chats).toMatchObject([{ options: { num_ctx: 6_000 } }, { options: { num_ctx: 8_192 } }])
  })

  test('of a server that is something else are refused in plain words', async () => {
    const ollama = await startRefusing(200, 'not a list')

    await expect(ollama.provider.listModels(signal)).rejects.toMatchObject({
      code: 'provider-failed',
      message: expect.stringContaining('OLLAMA_BASE_URL'),
    })
    await ollama.close()
  })

  test('of a server that is not there are refused as unreachable', async () => {
    const gone = await startRefusing(200, '')
    await gone.close()

    await expect(gone.provider.listModels(signal)).rejects.toMatchObject({
      code: 'provider-unreachable',
      retryable: true,
    })
  })
})

/** Answers each call with one status and one error, and keeps what was asked. */
async function startRefusing(status: number, error: string) {
  const bodies: object[] = []
  const { provider, close } = await startServer(body => {
    bodies.push(body)
    return { status, body: { error } }
  })
  return { provider, close, bodies }
}

/** An Ollama that has these models and shows some of them; a chat ends at once. */
async function startFakeOllama(names: readonly string[], shown: Readonly<Record<string, object>>) {
  const chats: object[] = []
  let atOnce = 0
  let mostAtOnce = 0
  const { provider, close } = await startServer(async (body, path) => {
    if (path === '/api/tags') return { status: 200, body: { models: names.map(name => ({ name, model: name })) } }
    if (path === '/api/chat') {
      chats.push(body)
      return { status: 200, body: { done: true } }
    }
    mostAtOnce = Math.max(mostAtOnce, ++atOnce)
    await new Promise(resolve => setImmediate(resolve))
    atOnce--
    const found = 'model' in body && typeof body.model === 'string' ? shown[body.model] : undefined
    return found ? { status: 200, body: found } : { status: 404, body: { error: 'model not found' } }
  })
  return { provider, close, chats, mostAtOnce: () => mostAtOnce }
}

type FakeAnswer = { readonly status: number; readonly body: object }

async function startServer(answer: (body: object, path: string) => FakeAnswer | Promise<FakeAnswer>) {
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString()
    const { status, body } = await answer(text === '' ? {} : JSON.parse(text), request.url ?? '')
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : null
  return {
    provider: createOllamaProvider({ baseUrl: `http://127.0.0.1:${port}`, refused: rememberRefusals() }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
