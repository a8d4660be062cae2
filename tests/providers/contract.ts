import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider, ProviderEvent, ProviderRequest, RefusedParameters } from '../../server/providers/provider.ts'
import type { Usage } from '../../server/providers/usage.ts'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { type Answer, foldEvents } from './answer.ts'
import type { Expected, Recording } from './recordings.ts'

type Contract = {
  readonly name: string
  readonly create: (baseUrl: string, refused: RefusedParameters) => Provider
  /** Every recorded stream that the adapter has to read, the first being a plain text of at least ten events. */
  readonly streams: readonly Recording[]
  /** What the provider says that a stream used in all; null where it says nothing. */
  readonly totalTokens: (expected: Expected) => number | null
  /** The text and reasoning of recordings whose index cannot know our rules, by name. */
  readonly oracles?: Readonly<Record<string, { readonly text: string; readonly reasoning: string }>>
  /** Recordings that end in an error, by name. */
  readonly failing?: Readonly<Record<string, ErrorCode>>
  /** What the injected error in the middle of a stream means. */
  readonly midFailure: ErrorCode
  /** Where the adapter answers a status in its own way. */
  readonly statusCodes?: Readonly<Record<number, ErrorCode>>
}

const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'provider-failed',
  401: 'provider-key-rejected',
  403: 'provider-key-rejected',
  404: 'unknown-model',
  429: 'rate-limited',
  500: 'provider-failed',
  503: 'provider-overloaded',
  529: 'provider-overloaded',
}

// A piece a byte takes its time over a real socket; larger recordings are cut as finely in the adapters' own tests.
const CHUNKS = [
  { chunk: '', maxBytes: Number.POSITIVE_INFINITY },
  { chunk: ';chunk=7', maxBytes: 40_000 },
  { chunk: ';chunk=1', maxBytes: 6_000 },
]

/** What every adapter promises (`Provider`), checked against recorded traffic over real HTTP. */
export function describeProviderContract(contract: Contract): void {
  describe(`${contract.name} keeps the provider contract`, () => {
    let replay: Replay
    const failing = contract.failing ?? {}
    const whole = contract.streams.filter(recording => failing[recording.name] === undefined)
    const [plain] = whole
    if (plain === undefined) throw new AppError('internal', 'The contract needs at least one stream.')

    beforeAll(async () => {
      replay = await startReplay(contract.streams)
    })
    afterAll(() => replay.close())

    const ask = (model: string, signal?: AbortSignal): Promise<Answer> =>
      askProvider(contract.create(replay.url, rememberRefusals()), model, signal)

    for (const recording of whole) describeStream(recording, contract, ask)

    for (const [name, code] of Object.entries(failing)) {
      const recording = contract.streams.find(stream => stream.name === name)
      if (recording === undefined) continue
      test(`${name} gives what came before its error, then ${code}`, async () => {
        const answer = await ask(`fixture:${name}`)

        expect(answer.error?.code).toBe(code)
        expectTexts(answer, recording, contract)
      })
    }

    for (const [status, code] of Object.entries({ ...STATUS_CODES, ...contract.statusCodes })) {
      test(`status ${status} is ${code}, and tells nothing of the provider's text`, async () => {
        const answer = await ask(`fixture:${plain.name};fail=${status}`)

        expect(answer.error?.code).toBe(code)
        expect(answer.error?.message).not.toContain('injected')
        expect(answer.types).toEqual([])
      })
    }

    test('an unreachable provider may be asked again', async () => {
      const gone = await startReplay([])
      await gone.close()

      const answer = await askProvider(contract.create(gone.url, rememberRefusals()), 'any')

      expect(answer.error).toMatchObject({ code: 'provider-unreachable', retryable: true })
    })

    test('a stop in the middle ends without an error and closes the line', async () => {
      const stop = new AbortController()
      const provider = contract.create(replay.url, rememberRefusals())
      const types: string[] = []

      for await (const batch of provider.stream(requestFor(`fixture:${plain.name};stall=0.6`), stop.signal)) {
        types.push(...batch.map(event => event.type))
        if (types.some(isAnswer)) stop.abort()
      }

      expect(types).not.toContain('finish')
      expect(await replay.calls.at(-1)?.ended).toBe('client')
    })

    test('a reader that leaves closes the line', async () => {
      const provider = contract.create(replay.url, rememberRefusals())

      for await (const batch of provider.stream(
        requestFor(`fixture:${plain.name};stall=0.6`),
        new AbortController().signal,
      )) {
        if (batch.some(event => isAnswer(event.type))) break
      }

      expect(await replay.calls.at(-1)?.ended).toBe('client')
    })

    test('a call that was stopped before it began asks nobody', async () => {
      const before = replay.calls.length

      const answer = await ask(`fixture:${plain.name}`, AbortSignal.abort())

      expect(answer).toMatchObject({ types: [], error: null })
      expect(replay.calls.length).toBe(before)
    })
  })
}

function describeStream(recording: Recording, contract: Contract, ask: (model: string) => Promise<Answer>): void {
  const { name, bytes } = recording
  for (const { chunk } of CHUNKS.filter(({ maxBytes }) => bytes <= maxBytes)) {
    test(`${name}${chunk} gives exactly its text, reasoning and tokens`, async () => {
      const answer = await ask(`fixture:${name}${chunk}`)

      expect(answer.error).toBeNull()
      expectTexts(answer, recording, contract)
      expect(answer.types[0]).toBe('accepted')
      expect(answer.types.filter(type => type === 'finish')).toHaveLength(1)
      expect(answer.usage === null ? null : sumTokens(answer.usage)).toBe(contract.totalTokens(recording.expected))
    })
  }

  for (const [fault, code] of [
    [';end=0.25', 'provider-incomplete'],
    [';end=0.25;chunk=512', 'provider-incomplete'],
    [';cut=0.25', 'provider-incomplete'],
    [';midfail=0.25', contract.midFailure],
  ] as const) {
    test(`${name}${fault} is ${code}`, async () => {
      const answer = await ask(`fixture:${name}${fault}`)

      expect(answer.error?.code).toBe(code)
      expect(answer.error?.message).not.toContain('injected')
      expect(answer.finish).toBeNull()
    })
  }
}

function expectTexts(answer: Answer, { name, expected }: Recording, { oracles = {} }: Contract): void {
  const oracle = oracles[name]
  const text = expected.refusal ?? expected.text ?? expected.raw?.text
  const reasoning = expected.thinking ?? expected.reasoning_summary ?? expected.raw?.reasoning
  expect({ text: sha256Of(answer.text), reasoning: sha256Of(answer.reasoning) }).toEqual({
    text: oracle ? sha256Of(oracle.text) : (text?.sha256 ?? sha256Of('')),
    reasoning: oracle ? sha256Of(oracle.reasoning) : (reasoning?.sha256 ?? sha256Of('')),
  })
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function isAnswer(type: string): boolean {
  return type === 'text' || type === 'reasoning'
}

export function sumTokens({ tokens: { web_searches, ...tokens } }: Usage): number {
  return Object.values(tokens).reduce((sum, count) => sum + count, 0)
}

export function requestFor(model: string, settings: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model,
    system: null,
    messages: [{ role: 'user', content: 'Hello' }],
    temperature: null,
    reasoning: null,
    maxOutputTokens: null,
    conversationId: 'conversation-1',
    idempotencyKey: 'run-1.1',
    ...settings,
  }
}

/** Asks once and folds the events as the run service does. Only AppError is caught: all else is a fault of the adapter. */
export async function askProvider(
  provider: Provider,
  request: string | ProviderRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  const events: ProviderEvent[] = []
  const asked = typeof request === 'string' ? requestFor(request) : request
  try {
    for await (const batch of provider.stream(asked, signal)) events.push(...batch)
  } catch (error) {
    if (error instanceof AppError) return foldEvents(events, error)
    throw error
  }
  return foldEvents(events, null)
}

/** Refusals that last as long as the test. */
export function rememberRefusals(): RefusedParameters {
  const known = new Set<string>()
  return {
    has: (model, parameter) => known.has(`${model} ${parameter}`),
    add: (model, parameter) => void known.add(`${model} ${parameter}`),
  }
}
