import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import { foldEvents, readEvents, readRun, type SeenEvent } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

// Our own samples lie in the project, so this suite is whole without any other recording.
const recordings = findRecordings('openai-samples')
const FAST = 'replay/fixture:openai-samples/chat-plain'
const SLOW = 'replay/fixture:openai-samples/chat-think-tags;delay=15'

let replay: Replay
let server: TestServer

beforeEach(async () => {
  replay = await startReplay(recordings)
  server = await startTestServer({
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1`, PROVIDER_IDLE_TIMEOUT_SECONDS: '1' },
  })
})

afterEach(async () => {
  await server.close()
  await replay.close()
})

const newId = () => makeId(Date.now(), length => crypto.getRandomValues(new Uint8Array(length)))

function ask(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return server.request('/api/chat/stream', { body: { message: 'A question', model: SLOW, ...body }, headers })
}

async function askInBackground(
  body: object = {},
): Promise<{ run_id: string; conversation_id: string; message_id: string }> {
  return (await ask(body, { prefer: 'respond-async' })).json()
}

/** The calls for an answer; the list of models is asked for as well. */
const asked = () => replay.calls.filter(call => call.body !== null)

async function ledger() {
  const { total } = await (await server.request('/api/usage/summary')).json()
  return total
}

async function messageOf({ conversation_id, message_id }: { conversation_id: string; message_id: string }) {
  const conversation = await (await server.request(`/api/conversations/${conversation_id}`)).json()
  return conversation.messages.find((message: { id: string }) => message.id === message_id)
}

/** Reads until the end, but cuts the line after each of these many events and comes back with the last id. */
async function readWithCuts(runId: string, cuts: readonly number[]) {
  const seen: SeenEvent[] = []
  let state = { text: '', reasoning: '' }
  let lastId: string | null = null
  for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
    const headers: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId }
    const part = await readRun(await server.request(`/api/runs/${runId}/events`, { headers }), cut)
    const folded = foldEvents(part.events, state)
    state = { text: folded.text, reasoning: folded.reasoning }
    lastId = part.lastId ?? lastId
    seen.push(...part.events)
    if (folded.message || folded.error) return { ...folded, events: seen }
  }
  throw new Error('The stream never ended')
}

describe('an answer belongs to the server', () => {
  test('goes on when the asker leaves, and is there complete', async () => {
    const reader = readEvents(await ask({}))
    const { value: head } = await reader.next()
    await reader.return(undefined)
    const run = await readRun(await server.request(`/api/runs/${head.data.run_id}/events`))

    expect(run.message?.status).toBe('complete')
    expect(run.text).toBe(run.message?.content)
    expect(run.text.length).toBeGreaterThan(0)
    expect(asked()).toHaveLength(1)
  })

  test('shows the same text to five watchers that are cut at random points', async () => {
    const { run_id, ...ids } = await askInBackground()

    const watchers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => readWithCuts(run_id, [index + 1, index * 2 + 1, 1, 3])),
    )

    const stored = await messageOf({ ...ids })
    for (const watcher of watchers) {
      expect(watcher.text).toBe(stored.content)
      expect(watcher.reasoning).toBe(stored.reasoning ?? '')
    }
    expect(asked()).toHaveLength(1)
  })

  test('numbers events without a gap, and a reader that comes back gets only the rest', async () => {
    const { run_id } = await askInBackground()
    const first = await readRun(await server.request(`/api/runs/${run_id}/events`), 3)

    const rest = await readRun(
      await server.request(`/api/runs/${run_id}/events`, { headers: { 'last-event-id': first.lastId ?? '' } }),
    )

    const numbers = [...first.events, ...rest.events]
      .filter(event => event.type !== 'run')
      .map(event => Number(event.id.split('.')[1]))
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
    expect(rest.events.some(event => event.type === 'snapshot')).toBe(false)
  })

  test('gives a snapshot to a reader whose last event is of another life of the run', async () => {
    const { run_id } = await askInBackground()
    await setTimeout(100)

    const run = await readRun(await server.request(`/api/runs/${run_id}/events?after=7.3`))

    expect(run.events[1]?.type).toBe('snapshot')
    expect(run.text).toBe(run.message?.content)
  })

  test('calls the provider once for two simultaneous requests with one run id', async () => {
    const run_id = newId()

    const [first, second] = await Promise.all([
      ask({ run_id }).then(r => readRun(r)),
      ask({ run_id }).then(r => readRun(r)),
    ])

    expect(second.messageId).toBe(first.messageId)
    expect(second.text).toBe(first.text)
    expect(asked()).toHaveLength(1)
    expect((await ledger()).requests).toBe(1)
  })

  test('answers a run id that has ended with its stored text, and asks nobody', async () => {
    const run_id = newId()
    const first = await readRun(await ask({ run_id }))

    const again = await readRun(await ask({ run_id, message: 'Something else' }))

    expect(again.message).toEqual(first.message)
    expect(asked()).toHaveLength(1)
  })
})

test('an answer says when its first token came, and when its words began after the reasoning', async () => {
  const [reasoned, plain] = await Promise.all(
    [SLOW, FAST].map(async model => (await readRun(await ask({ model }))).message),
  )

  expect(reasoned?.reasoning).not.toBeNull()
  expect(reasoned?.first_token_at).toBeGreaterThanOrEqual(Number(reasoned?.created_at))
  expect(reasoned?.first_text_at).toBeGreaterThan(Number(reasoned?.first_token_at))
  expect(reasoned?.finished_at).toBeGreaterThanOrEqual(Number(reasoned?.first_text_at))
  expect(plain?.first_text_at).toBe(plain?.first_token_at)
})

describe('stopping', () => {
  test('keeps what came, pays for it, closes the line to the provider, and may be repeated', async () => {
    const ids = await askInBackground({ model: 'replay/fixture:openai-samples/chat-think-tags;delay=100' })
    await setTimeout(450)

    const stops = await Promise.all(
      [1, 2].map(() => server.request(`/api/runs/${ids.run_id}/cancel`, { method: 'POST' })),
    )
    const again = await server.request(`/api/runs/${ids.run_id}/cancel`, { method: 'POST' })

    for (const stop of [...stops, again])
      expect(await stop.json()).toMatchObject({ id: ids.run_id, state: 'cancelled' })
    const stored = await messageOf(ids)
    expect(stored.status).toBe('cancelled')
    expect((stored.reasoning ?? '') + stored.content).not.toBe('')
    expect(stored.tokens_output + stored.tokens_reasoning).toBeGreaterThan(0)
    expect(await asked()[0]?.ended).toBe('client')
    expect((await ledger()).requests).toBe(1)
    const reread = await readRun(await server.request(`/api/runs/${ids.run_id}/events`))
    expect(reread.message).toEqual(stored)
  })

  test('a run that has ended stays as it ended', async () => {
    const run = await readRun(await ask({ model: FAST }))

    const stop = await server.request(`/api/runs/${run.runId}/cancel`, { method: 'POST' })

    expect(await stop.json()).toMatchObject({ state: 'done' })
  })
})

describe('a provider that fails', () => {
  const SAMPLE = 'replay/fixture:openai-samples/chat-think-tags'

  test.each([
    ['stall=0.5', 'provider-timeout'],
    ['cut=0.5', 'provider-incomplete'],
    ['end=0.5', 'provider-incomplete'],
    ['end=0.5;chunk=7', 'provider-incomplete'],
    ['midfail=0.5', 'provider-failed'],
  ])('%s in the middle ends the answer in an error, with the text and its cost kept', async (mode, code) => {
    const run = await readRun(await ask({ model: `${SAMPLE};${mode}` }))

    const [conversation] = await (await server.request('/api/conversations')).json()
    const stored = await messageOf({ conversation_id: conversation.id, message_id: run.messageId })
    expect(run.error?.code).toBe(code)
    expect(stored).toMatchObject({ status: 'error', content: run.text, error: { code } })
    expect(run.text + run.reasoning).not.toBe('')
    expect(stored.tokens_output + stored.tokens_reasoning).toBeGreaterThan(0)
    expect((await ledger()).requests).toBe(1)
    expect(asked()).toHaveLength(1)
  })

  test.each([
    [400, 502],
    [401, 502],
    [404, 422],
    [500, 502],
  ])('that answers %i is not asked again, and the request answers %i', async (status, answered) => {
    const response = await ask({ model: `${SAMPLE};fail=${status}` })

    const { error, message_id, conversation_id } = await response.json()
    expect(response.status).toBe(answered)
    expect(error.message).not.toContain('injected')
    expect(await messageOf({ conversation_id, message_id })).toMatchObject({
      status: 'error',
      error: { code: error.code },
    })
    expect(asked()).toHaveLength(1)
    expect(await ledger()).toMatchObject({ requests: 1, cost_nanousd: 0, tokens_input: 0 })
  })

  test('that is overloaded once is asked again, and each call stands in the ledger', async () => {
    const run = await readRun(await ask({ model: `${SAMPLE};fail=503;times=1` }))

    expect(run.message?.status).toBe('complete')
    expect(asked()).toHaveLength(2)
    expect((await ledger()).requests).toBe(2)
  })

  test('that has too many requests for too long answers 429 and says when to come back', async () => {
    const response = await ask({ model: `${SAMPLE};fail=429` })

    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(asked()).toHaveLength(3)
    expect((await ledger()).requests).toBe(3)
  })
})

describe('the tree', () => {
  const asManual = (body: object) => ask({ model: FAST, ...body }).then(response => readRun(response))

  test('sends the path from the root to the prompt, and not its siblings', async () => {
    const first = await readRun(await ask({ message: 'one' }))
    const { conversationId: conversation_id } = first
    const second = await readRun(await ask({ conversation_id, message: 'two' }))
    await readRun(await ask({ conversation_id, parent_id: first.messageId, message: 'three' }))

    const sent = asked().map(call => (call.body as { messages: { role: string; content: string }[] }).messages)
    expect(sent[1]?.map(message => message.content)).toEqual(['one', first.text, 'two'])
    expect(sent[2]?.map(message => message.content)).toEqual(['one', first.text, 'three'])
    expect(second.message?.parent_id).not.toBeNull()
  })

  test('answers a prompt again beside the answer it has', async () => {
    const first = await asManual({ message: 'one' })
    const parent_id = first.message?.parent_id

    const again = await readRun(
      await server.request('/api/chat/stream', {
        body: { model: FAST, conversation_id: first.conversationId, parent_id },
      }),
    )

    expect(again.message?.parent_id).toBe(parent_id)
    expect(again.messageId).not.toBe(first.messageId)
  })

  test('a prompt that follows an answer still being written waits for it', async () => {
    const first = await askInBackground({ message: 'one' })
    const second = await askInBackground({ conversation_id: first.conversation_id, message: 'two' })
    const waiting = await (await server.request(`/api/runs/${second.run_id}`)).json()

    const run = await readRun(await server.request(`/api/runs/${second.run_id}/events`))

    expect(waiting.state).toBe('queued')
    expect(run.message?.status).toBe('complete')
    const [, sent] = asked().map(call => (call.body as { messages: { content: string }[] }).messages)
    expect(sent?.map(message => message.content)).toEqual(['one', (await messageOf(first)).content, 'two'])
  })
})

test('runs beyond the limit wait for a place, and one that waits can be stopped at once', async () => {
  const runs = await Promise.all(Array.from({ length: 6 }, () => askInBackground()))
  const states = await Promise.all(
    runs.map(async run => (await (await server.request(`/api/runs/${run.run_id}`)).json()).state),
  )
  const last = runs.at(-1)?.run_id
  await server.request(`/api/runs/${last}/cancel`, { method: 'POST' })
  const ends = await Promise.all(runs.map(async run => readRun(await server.request(`/api/runs/${run.run_id}/events`))))

  expect(states.filter(state => state === 'queued')).toHaveLength(2)
  expect(ends.map(end => end.message?.status)).toEqual([...Array(5).fill('complete'), 'cancelled'])
  expect(asked()).toHaveLength(5)
})

describe('a conversation', () => {
  const body = { model: FAST, message: 'What does it cost?' }

  test('is made under the id that a device chose, once', async () => {
    const ids = { conversation_id: newId(), run_id: newId(), parent_id: null }
    const first = await readRun(await ask({ ...body, ...ids }))

    const again = await readRun(await ask({ ...body, ...ids }))

    const list = await (await server.request('/api/conversations')).json()
    expect(first.conversationId).toBe(ids.conversation_id)
    expect(again.message).toEqual(first.message)
    expect(list).toHaveLength(1)
  })

  test('is not made under an unknown id that the request does not call new', async () => {
    const response = await ask({ ...body, conversation_id: newId() })

    expect(response.status).toBe(404)
    expect((await response.json()).error.field).toBe('conversation_id')
  })

  test('takes its title from the first prompt, also when it was made before', async () => {
    const made = await (await server.request('/api/conversations', { body: {} })).json()
    await readRun(await ask({ ...body, conversation_id: made.id }))

    const stored = await (await server.request(`/api/conversations/${made.id}`)).json()
    expect([made.title, stored.title]).toEqual(['untitled', 'What does it cost?'])
  })
})
