import { describe, expect, test } from 'vitest'
import type { Failure, Outcome } from '../../../client/api/outcome.ts'
import type { Pause } from '../../../client/platform/pause.ts'
import type { Sight } from '../../../client/platform/visibility.ts'
import { followRun } from '../../../client/runs/follow-run.ts'
import { createLiveRun } from '../../../client/runs/live-run.ts'

const IDS = { runId: 'run', conversationId: 'conversation', messageId: 'message' }
const END = sse(99, 'error', { code: 'interrupted', message: 'Stopped.', retryable: true, message_id: 'message' })

function sse(seq: number, event: string, data: unknown): string {
  return `id: 1.${seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** A response whose body brings the text and then closes; the text may end anywhere. */
function responseOf(text: string): Outcome<Response> {
  return { ok: true, value: new Response(text) }
}

function refused(code: 'not-found' | 'shutting-down', retryable: boolean): Outcome<Response> {
  const error = { code, message: 'No.', retryable }
  return { ok: false, failure: { kind: 'refused', status: 404, error } }
}

/** Pauses that take no time; the watch for silence never fires. */
const noWait: Pause = (delayMs, signal) =>
  delayMs < 35_000
    ? Promise.resolve('elapsed')
    : new Promise(resolve => signal.addEventListener('abort', () => resolve('stopped')))

const always: Sight = alive => Promise.resolve(alive)

async function follow(answers: readonly (() => Outcome<Response>)[], pause: Pause = noWait, sight: Sight = always) {
  const run = createLiveRun(IDS)
  const asked: (string | null)[] = []
  const links: string[] = []
  const end = await followRun({
    async open(lastEventId) {
      asked.push(lastEventId)
      const answer = answers[asked.length - 1]
      if (answer === undefined) throw new Error('asked more often than the test foresees')
      return answer()
    },
    onEvent: event => run.take(event, 0),
    onLink: link => links.push(link),
    signal: new AbortController().signal,
    clock: { now: () => 0 },
    random: () => 0.5,
    pause,
    sight,
  })
  return { text: run.text.value.slice(), asked, links, end }
}

describe('followRun', () => {
  test('gives the same text wherever the first connection is cut', async () => {
    const words = ['The ', 'pi ', 'schläft ', 'nie. ', '🎉']
    const pieces = words.map((text, index) => sse(index + 1, 'token', { text }))
    const whole = pieces.join('')
    for (let cut = 0; cut <= whole.length; cut++) {
      const whatCame = whole.slice(0, cut).split('\n\n').length - 1
      const rest = pieces.slice(whatCame).join('')
      const { text, asked } = await follow([() => responseOf(whole.slice(0, cut)), () => responseOf(rest + END)])
      expect(text).toBe('The pi schläft nie. 🎉')
      expect(asked).toEqual([null, whatCame === 0 ? null : `1.${whatCame}`])
    }
  })

  test('takes a snapshot in place of what it had', async () => {
    const first = sse(1, 'token', { text: 'lost at the restart' })
    const second = sse(2, 'snapshot', { text: 'lost', reasoning: '' }) + END
    const { text } = await follow([() => responseOf(first), () => responseOf(second)])
    expect(text).toBe('lost')
  })

  test('waits for a device without a network and for a server that does not answer', async () => {
    const failure = (kind: Failure['kind']) => () => ({ ok: false, failure: { kind } }) as Outcome<Response>
    const { end, links } = await follow([failure('offline'), failure('silent'), () => responseOf(END)])
    expect(end).toEqual({ kind: 'ended' })
    expect(links).toEqual(['reconnecting', 'reconnecting', 'following'])
  })

  test('asks again when it is refused for a moment', async () => {
    const { end } = await follow([() => refused('shutting-down', true), () => responseOf(END)])
    expect(end).toEqual({ kind: 'ended' })
  })

  test('gives up when the run is gone', async () => {
    const token = sse(1, 'token', { text: 'a' })
    const { end, asked } = await follow([() => responseOf(token), () => refused('not-found', false)])
    expect(end.kind).toBe('failed')
    expect(asked).toHaveLength(2)
  })

  test('opens a line again that has been silent for 35 seconds', async () => {
    const never = () => ({
      ok: true as const,
      value: new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })),
    })
    let silences = 0
    const silentOnce: Pause = (delayMs, signal) => {
      if (delayMs === 35_000 && silences++ === 0) return Promise.resolve('elapsed')
      return noWait(delayMs, signal)
    }
    const { end, asked } = await follow([never, () => responseOf(END)], silentOnce)
    expect(end).toEqual({ kind: 'ended' })
    expect(asked).toEqual([null, null])
  })

  test('lets go of the line when nobody can see the page, and goes on where it was when somebody can', async () => {
    const hidden = new AbortController()
    const cut = () => {
      const body = new ReadableStream<Uint8Array>({
        start: controller => controller.enqueue(new TextEncoder().encode(sse(1, 'token', { text: 'Ask, ' }))),
        // What stood there has been read.
        pull: () => hidden.abort(),
        cancel: () => {
          isLetGo = true
        },
      })
      return { ok: true as const, value: new Response(body) }
    }
    let isLetGo = false
    let looks = 0
    const sight: Sight = alive => Promise.resolve(looks++ === 0 ? AbortSignal.any([alive, hidden.signal]) : alive)
    const { text, asked } = await follow(
      [cut, () => responseOf(sse(2, 'token', { text: 'lock.' }) + END)],
      noWait,
      sight,
    )

    expect({ text, asked, isLetGo }).toEqual({ text: 'Ask, lock.', asked: [null, '1.1'], isLetGo: true })
  })

  test('passes over an event that it does not know', async () => {
    const { text } = await follow([() => responseOf(sse(1, 'weather', {}) + sse(2, 'token', { text: 'x' }) + END)])
    expect(text).toBe('x')
  })
})
