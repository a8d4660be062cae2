import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRun, type SeenRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings, type Recording } from '../providers/recordings.ts'

const PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  ollama: 'ollama',
  'openai-chat': 'replay',
  'openai-compatible': 'replay',
  'openai-responses': 'openai',
  'openai-samples': 'replay',
}

const recordings = findRecordings(...Object.keys(PROVIDERS))
const streams = recordings.filter(({ kind, status }) => kind !== 'json' && status === 200)

let replay: Replay
let server: TestServer

beforeAll(async () => {
  replay = await startReplay(recordings)
  server = await startTestServer({
    environment: {
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${replay.url}/v1`,
      ANTHROPIC_API_KEY: 'sk-ant-test',
      ANTHROPIC_BASE_URL: replay.url,
      OLLAMA_BASE_URL: replay.url,
      COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1`,
      ANSWERS_AT_ONCE: '64',
    },
  })
})

afterAll(async () => {
  await server.close()
  await replay.close()
})

function ask(recording: Recording, mode = '', extra: object = {}): Promise<Response> {
  const model = `${PROVIDERS[recording.category]}/fixture:${recording.name}${mode}`
  return server.request('/api/chat/stream', { body: { model, message: 'A question', ...extra } })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A refusal is what the model said, where it said nothing else. */
function expectedText({ expected }: Recording): string | undefined {
  const text = expected.text ?? expected.raw?.text
  return expected.refusal && text?.length === 0 ? expected.refusal.sha256 : text?.sha256
}

/** The stored message, as every later reader gets it. */
async function storedMessage(run: Pick<SeenRun, 'conversationId' | 'messageId'>) {
  const conversation = await (await server.request(`/api/conversations/${run.conversationId}`)).json()
  return conversation.messages.find((message: { id: string }) => message.id === run.messageId)
}

describe.concurrent('every recorded stream comes out of POST /api/chat/stream', () => {
  // Over a socket single bytes take their time; the adapters' own tests cut the large recordings as finely.
  for (const [chunk, mostBytes] of [
    ['', Number.POSITIVE_INFINITY],
    [';chunk=7', 60_000],
    [';chunk=1', 8_000],
  ] as const) {
    const fitting = streams.filter(({ bytes }) => bytes <= mostBytes)
    test.each(fitting.map(recording => [recording.name, recording] as const))(
      `%s${chunk}`,
      async (_name, recording) => {
        const run = await readRun(await ask(recording, chunk))
        const stored = await storedMessage(run)

        expect(stored.content).toBe(run.text)
        expect(stored.reasoning ?? '').toBe(run.reasoning)
        expect(stored.status).toBe(recording.expected.error ? 'error' : 'complete')
        if (recording.expected.error) return
        expect(run.message).toEqual(stored)
        // The index keeps a lone closing tag in the text, where we take what stood before it as reasoning.
        if (recording.name === 'ollama/text-qwen3') expect(run.reasoning + run.text).not.toContain('</think>')
        else expect(sha256(run.text)).toBe(expectedText(recording))
      },
    )
  }
})

const REFUSALS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  'anthropic/err-400-context-length': [422, 'context-too-long'],
  'anthropic/err-temperature-range': [422, 'parameter-refused'],
  'anthropic/err-401': [502, 'provider-key-rejected'],
  'anthropic/err-404-model': [422, 'unknown-model'],
  'openai-chat/err-400-temperature-range': [422, 'parameter-refused'],
  'openai-chat/err-401': [502, 'provider-key-rejected'],
  'openai-compatible/err-400-llamacpp-context': [422, 'context-too-long'],
  'openai-compatible/err-401-ollama-cloud': [502, 'provider-key-rejected'],
  'openai-compatible/err-429-openrouter': [429, 'rate-limited'],
  'openai-responses/err-400-context-length': [422, 'context-too-long'],
}

describe.concurrent('every recorded refusal comes out with its status and a sentence of ours', () => {
  const refusals = recordings.filter(({ status, name }) => status >= 400 && name in REFUSALS)

  test.each(refusals.map(recording => [recording.name, recording] as const))('%s', async (name, recording) => {
    const response = await ask(recording)

    const [status, code] = REFUSALS[name] ?? []
    const { error, ...stored } = await response.json()
    const raw: string = JSON.parse(readFileSync(recording.path, 'utf8')).error?.message ?? 'no message'
    expect([response.status, error.code]).toEqual([status, code])
    expect(error.message).toMatch(/^[A-Z].{20,}\.$/)
    expect(error.message).not.toContain(raw)
    if (status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    const message = await storedMessage({ conversationId: stored.conversation_id, messageId: stored.message_id })
    expect(message).toMatchObject({ status: 'error', content: '', error: { code }, cost_nanousd: 0 })
  })
})
