import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCompatibleProvider } from '../../server/providers/compatible/compatible-provider.ts'
import { createOpenaiProvider } from '../../server/providers/openai/openai-provider.ts'
import type { Provider } from '../../server/providers/provider.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { askProvider, rememberRefusals } from './contract.ts'
import { findRecordings } from './recordings.ts'

const RECORDED = findRecordings('openai-chat', 'openai-responses', 'openai-compatible').filter(
  ({ status }) => status >= 400,
)
const CODES: Readonly<Record<string, ErrorCode>> = {
  'openai-chat/err-401': 'provider-key-rejected',
  'openai-chat/err-400-temperature-range': 'parameter-refused',
  'openai-responses/err-400-context-length': 'context-too-long',
  'openai-compatible/err-429-openrouter': 'rate-limited',
  'openai-compatible/err-401-ollama-cloud': 'provider-key-rejected',
  'openai-compatible/err-400-llamacpp-context': 'context-too-long',
}

let replay: Replay
beforeAll(async () => {
  replay = await startReplay([...RECORDED, ...findRecordings('openai-samples')])
})
afterAll(() => replay.close())

function compatible(baseUrl: string): Provider {
  return createCompatibleProvider({
    id: 'local',
    name: 'Local',
    baseUrl,
    apiKey: null,
    prices: { kind: 'unknown' },
    refused: rememberRefusals(),
  })
}

test.each(RECORDED)('$name is told apart and says nothing in the provider’s words', async ({ name }) => {
  const { error } = await askProvider(compatible(replay.url), `fixture:${name}`)

  expect(error?.code).toBe(CODES[name])
  expect(error?.message).not.toMatch(/incorrect api key|adjust your input|unauthorized|returned error|increasing it/i)
})

describe('error bodies of other shapes', () => {
  test.each<[string, number, unknown, object]>([
    ['plain text', 500, 'upstream gone', { code: 'provider-failed', retryable: true }],
    ['text for an error', 400, { error: 'prompt is too long' }, { code: 'context-too-long' }],
    ['flat', 400, { object: 'error', message: "model 'x' does not exist" }, { code: 'unknown-model' }],
    [
      'in a list',
      400,
      [{ error: { code: 400, message: 'x', status: 'INVALID_ARGUMENT' } }],
      { code: 'provider-failed' },
    ],
    [
      'nested twice',
      429,
      { error: { message: 'x', metadata: { raw: 'insufficient credits' } } },
      { code: 'quota-exceeded' },
    ],
    [
      'of FastAPI',
      422,
      { detail: [{ loc: ['body', 'temperature'], msg: 'Input should be less than 2', type: 'less_than' }] },
      { code: 'parameter-refused', field: 'temperature' },
    ],
  ])('%s', async (_, status, body, expected) => {
    await withServer(
      () => ({ status, body }),
      async url => {
        const { error } = await askProvider(compatible(url), 'any')

        expect(error).toMatchObject(expected)
      },
    )
  })

  test('a redirect is not followed with the key in hand', async () => {
    const paths: string[] = []
    await withServer(
      path => {
        paths.push(path)
        return { status: 307, body: '', headers: { location: '/elsewhere' } }
      },
      async url => {
        const { error } = await askProvider(compatible(url), 'any')

        expect(error).toMatchObject({ code: 'provider-unreachable', retryable: false })
        expect(paths).toEqual(['/chat/completions'])
      },
    )
  })

  test.each([
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after-ms': '150' }, 150],
    [{ date: 'Mon, 23 Nov 2026 10:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }, 30_000],
    [{}, undefined],
  ])('%j is waited for', async (headers, retryAfterMs) => {
    await withServer(
      () => ({ status: 429, body: {}, headers }),
      async url => {
        const { error } = await askProvider(compatible(url), 'any')

        expect(error).toMatchObject({ code: 'rate-limited', retryable: true })
        expect(error?.retryAfterMs).toBe(retryAfterMs)
      },
    )
  })
})

test('a server without Responses is spoken to with Chat Completions from then on', async () => {
  const provider = createOpenaiProvider({ apiKey: 'k', baseUrl: replay.url, refused: rememberRefusals() })
  const before = replay.calls.length

  const first = await askProvider(provider, 'fixture:openai-samples/chat-plain;fail=404;times=1')
  const second = await askProvider(provider, 'fixture:openai-samples/chat-plain;fail=404;times=1')

  expect(first.error).toMatchObject({ code: 'endpoint-missing', retryable: true })
  expect(second).toMatchObject({ finish: 'stop', error: null })
  expect(replay.calls.slice(before).map(call => call.path)).toEqual(['/responses', '/chat/completions'])
})

test('a model that is missing does not make the route missing', async () => {
  await withServer(
    () => ({ status: 404, body: { error: { message: 'x', code: 'model_not_found' } } }),
    async url => {
      const provider = createOpenaiProvider({ apiKey: 'k', baseUrl: url, refused: rememberRefusals() })

      expect((await askProvider(provider, 'any')).error?.code).toBe('unknown-model')
    },
  )
})

type Reply = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

/** Runs a check against a server that answers as it is told. */
async function withServer(reply: (path: string) => Reply, check: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const { status, body, headers } = reply(request.url ?? '')
    response.sendDate = false
    response.writeHead(status, headers)
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  try {
    await check(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
