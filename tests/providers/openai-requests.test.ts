import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCompatibleProvider } from '../../server/providers/compatible/compatible-provider.ts'
import { createOpenaiProvider } from '../../server/providers/openai/openai-provider.ts'
import { buildResponsesRequest } from '../../server/providers/openai/responses-request.ts'
import type { Provider, ProviderRequest } from '../../server/providers/provider.ts'
import { askProvider, rememberRefusals, requestFor } from './contract.ts'

type Refuses = (body: Readonly<Record<string, unknown>>) => object | null

const CHUNK = { object: 'chat.completion.chunk', choices: [{ delta: { content: 'ok' }, finish_reason: 'stop' }] }
const ANSWER = `data: ${JSON.stringify(CHUNK)}\n\ndata: [DONE]\n\n`

/** A server that answers `ok` unless it refuses the body, and keeps what it was asked. */
let calls: {
  path: string
  port: number | undefined
  headers: IncomingHttpHeaders
  body: Readonly<Record<string, unknown>>
}[]
let refuses: Refuses
let url: string
const server = createServer(async (request, response) => {
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
  calls.push({ path: request.url ?? '', port: request.socket.remotePort, headers: request.headers, body })
  const error = refuses(body)
  if (error !== null) {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  } else {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(ANSWER)
    setImmediate(() => response.end())
  }
})

beforeEach(async () => {
  calls = []
  refuses = () => null
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const openai = (): Provider => createOpenaiProvider({ apiKey: 'secret', baseUrl: url, refused: rememberRefusals() })
const local = (apiKey: string | null = null): Provider =>
  createCompatibleProvider({
    id: 'local',
    name: 'Local',
    baseUrl: url,
    apiKey,
    prices: { kind: 'free' },
    refused: rememberRefusals(),
  })

const FULL: Partial<ProviderRequest> = { system: 'Be brief.', temperature: 0.5, reasoning: 'low', maxOutputTokens: 100 }

test('asks Responses for what the user set, and to store nothing', async () => {
  await askProvider(openai(), requestFor('gpt-6', FULL))

  expect(calls).toMatchObject([
    { path: '/v1/responses', headers: { authorization: 'Bearer secret', 'idempotency-key': 'run-1.1' } },
  ])
  expect(calls[0]?.body).toEqual({
    model: 'gpt-6',
    input: [{ role: 'user', content: 'Hello' }],
    instructions: 'Be brief.',
    stream: true,
    store: false,
    prompt_cache_key: 'conversation-1',
    temperature: 0.5,
    reasoning: { effort: 'low', summary: 'auto' },
    max_output_tokens: 100,
  })
})

test('asks Chat Completions for what the user set', async () => {
  await askProvider(local('k'), requestFor('m', FULL))

  expect(calls).toMatchObject([{ path: '/v1/chat/completions', headers: { authorization: 'Bearer k' } }])
  expect(calls[0]?.body).toEqual({
    model: 'm',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.5,
    reasoning_effort: 'low',
    max_tokens: 100,
  })
})

test('sends nothing that the user did not set, and no key where there is none', async () => {
  await askProvider(openai(), requestFor('gpt-6'))
  await askProvider(local(), requestFor('m'))

  expect(Object.keys(calls[0]?.body ?? {}).sort()).toEqual(['input', 'model', 'prompt_cache_key', 'store', 'stream'])
  expect(Object.keys(calls[1]?.body ?? {}).sort()).toEqual(['messages', 'model', 'stream', 'stream_options'])
  expect(calls[1]?.headers.authorization).toBeUndefined()
})

test('tells OpenAI itself to send no padding, and asks for no summary of no reasoning', () => {
  const { body } = buildResponsesRequest(requestFor('gpt-6', { reasoning: 'none' }), {
    isAccepted: () => true,
    isOpenai: true,
  })

  expect(body).toMatchObject({ stream_options: { include_obfuscation: false }, reasoning: { effort: 'none' } })
  expect(body.reasoning).not.toHaveProperty('summary')
})

test('uses a connection again after a whole answer', async () => {
  const provider = local()

  for (let count = 0; count < 6; count++) await askProvider(provider, requestFor('m'))

  // The next call may begin before the last line is free again, but six calls never need six lines.
  expect(new Set(calls.map(call => call.port)).size).toBeLessThan(6)
})

describe('a parameter that the model does not know', () => {
  const refuse =
    (name: string, error: object): Refuses =>
    body =>
      name in body ? { type: 'invalid_request_error', ...error } : null

  test('is left out from the next call on', async () => {
    const provider = openai()
    refuses = refuse('temperature', {
      message: "Unsupported parameter: 'temperature'",
      param: 'temperature',
      code: 'unsupported_parameter',
    })

    const first = await askProvider(provider, requestFor('o4', { temperature: 0.2 }))
    const second = await askProvider(provider, requestFor('o4', { temperature: 0.2 }))
    await askProvider(provider, requestFor('gpt-4o', { temperature: 0.2 }))

    expect(first.error).toMatchObject({ code: 'parameter-unsupported', field: 'temperature', retryable: true })
    expect(second).toMatchObject({ text: 'ok', error: null })
    expect(calls.map(({ body }) => 'temperature' in body)).toEqual([true, false, true])
  })

  test('is renamed where it has another name, then left out', async () => {
    const provider = local()
    const wanted = requestFor('m', { maxOutputTokens: 9 })
    refuses = ({ max_tokens, max_completion_tokens }) =>
      max_tokens || max_completion_tokens
        ? {
            message: `Unsupported parameter: '${max_tokens ? 'max_tokens' : 'max_completion_tokens'}'.`,
            code: 'unsupported_parameter',
          }
        : null

    const errors = [
      await askProvider(provider, wanted),
      await askProvider(provider, wanted),
      await askProvider(provider, wanted),
    ]

    expect(errors.map(({ error }) => error?.field ?? null)).toEqual(['max_output_tokens', 'max_output_tokens', null])
    expect(calls.map(({ body }) => [body.max_tokens, body.max_completion_tokens])).toEqual([
      [9, undefined],
      [undefined, 9],
      [undefined, undefined],
    ])
  })

  test('is left out only with the value that was refused', async () => {
    const provider = openai()
    refuses = body =>
      JSON.stringify(body).includes('"minimal"')
        ? { message: "Unsupported value: 'minimal'", param: 'reasoning.effort', code: 'unsupported_value' }
        : null

    await askProvider(provider, requestFor('o3', { reasoning: 'minimal' }))
    await askProvider(provider, requestFor('o3', { reasoning: 'minimal' }))
    await askProvider(provider, requestFor('o3', { reasoning: 'high' }))

    expect(calls.map(({ body }) => body.reasoning)).toEqual([
      { effort: 'minimal', summary: 'auto' },
      undefined,
      { effort: 'high', summary: 'auto' },
    ])
  })

  test('is left out alone: no summary does not mean no reasoning', async () => {
    const provider = openai()
    refuses = body =>
      JSON.stringify(body).includes('"summary"')
        ? {
            message: 'Your organization must be verified to generate reasoning summaries.',
            param: 'reasoning.summary',
            code: 'unsupported_value',
          }
        : null

    await askProvider(provider, requestFor('o3', { reasoning: 'high' }))
    const second = await askProvider(provider, requestFor('o3', { reasoning: 'high' }))

    expect(second.error).toBeNull()
    expect(calls[1]?.body.reasoning).toEqual({ effort: 'high' })
  })

  test('that cannot be left out is not asked for again', async () => {
    refuses = () => ({ message: "Unsupported parameter: 'messages'", param: 'messages', code: 'unsupported_parameter' })

    const { error } = await askProvider(local(), requestFor('m'))

    expect(error).toMatchObject({ code: 'parameter-unsupported', retryable: false })
  })
})
