import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Conversation, Message } from '#shared/records.ts'
import { contentHash } from '../helpers/content-hash.ts'
import { readRun } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

type WithMessages = Conversation & { readonly messages: readonly Message[] }

const PHONE = '01a20000-0000-7000-8000-0000000000d1'
const LAPTOP = '01a20000-0000-7000-8000-0000000000d2'
const NOWHERE = '01a20000-0000-7000-8000-0000000000ff'
/** A recorded answer with its usage, and the same one that never gets further than its middle. */
const MODEL = 'replay/fixture:openai-samples/chat-plain'
const SLOW_MODEL = `${MODEL};stall=0.5`
const START = Date.UTC(2026, 10, 23)

let now: number
let server: TestServer
let replay: Replay

beforeAll(async () => {
  replay = await startReplay(findRecordings('openai-samples'))
})

afterAll(async () => {
  await replay.close()
})

beforeEach(async () => {
  now = START
  server = await startTestServer({
    clock: { now: () => now },
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
  })
})

afterEach(async () => {
  await server.close()
})

async function create(body: object = {}): Promise<Conversation> {
  const answer = await server.request('/api/conversations', { body })
  expect(answer.status).toBe(201)
  return answer.json()
}

async function read(id: string): Promise<WithMessages> {
  const answer = await server.request(`/api/conversations/${id}`)
  expect(answer.status).toBe(200)
  return answer.json()
}

async function change(id: string, body: object, deviceId?: string): Promise<Conversation> {
  const headers = deviceId === undefined ? {} : { 'x-device-id': deviceId }
  const answer = await server.request(`/api/conversations/${id}`, { method: 'PATCH', body, headers })
  expect(answer.status).toBe(200)
  return answer.json()
}

async function clone(id: string, body: object = {}): Promise<WithMessages> {
  const answer = await server.request(`/api/conversations/${id}/clone`, { body })
  expect(answer.status).toBe(201)
  return answer.json()
}

/** Asks and waits for the whole answer. */
async function ask(
  conversationId: string,
  message: string,
  fields: object = {},
): Promise<{ prompt: string; answer: string }> {
  const body = { model: MODEL, conversation_id: conversationId, message, ...fields }
  const run = await readRun(await server.request('/api/chat/stream', { body }))
  expect(run.error).toBeNull()
  now += 1000
  return { prompt: String(run.events[0]?.data['user_message_id']), answer: run.messageId }
}

/** Begins an answer and leaves it being written. */
async function beginAnswer(conversationId: string, message: string): Promise<{ answer: string; prompt: string }> {
  const body = { model: SLOW_MODEL, conversation_id: conversationId, message }
  const answer = await server.request('/api/chat/stream', { body, headers: { prefer: 'respond-async' } })
  expect(answer.status).toBe(202)
  const { message_id } = await answer.json()
  const stored = (await read(conversationId)).messages.find(one => one.id === message_id)
  expect(stored?.status).toMatch(/^(streaming|queued)$/)
  return { answer: message_id, prompt: stored?.parent_id ?? '' }
}

describe('the list', () => {
  async function pages(first: string): Promise<{ ids: string[]; sizes: number[] }> {
    const ids: string[] = []
    const sizes: number[] = []
    for (let path: string | undefined = first; path; ) {
      const answer: Response = await server.request(path)
      const page: Conversation[] = await answer.json()
      ids.push(...page.map(({ id }) => id))
      sizes.push(page.length)
      path = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    return { ids, sizes }
  }

  test('is empty at first', async () => {
    expect(await pages('/api/conversations')).toEqual({ ids: [], sizes: [0] })
  })

  test('has the newest first, and one that is changed moves to the top', async () => {
    const made = []
    for (const title of ['first', 'second', 'third']) {
      now += 1000
      made.push((await create({ title })).id)
    }
    now += 1000
    await change(made[0] ?? '', { title: 'first again' })

    expect((await pages('/api/conversations')).ids).toEqual([made[0], made[2], made[1]])
  })

  test.each([1, 2, 3, 7, 200])(
    'gives each conversation once over pages of %i, also those of one millisecond',
    async limit => {
      const made: Conversation[] = []
      for (let index = 0; index < 12; index++) {
        if (index % 4 === 0) now += 1
        made.push(await create({ title: `number ${index}` }))
      }
      const newestFirst = made.toSorted(
        (left, right) => right.updated_at - left.updated_at || (left.id < right.id ? 1 : -1),
      )

      const { ids, sizes } = await pages(`/api/conversations?limit=${limit}`)

      expect(ids).toEqual(newestFirst.map(({ id }) => id))
      expect(sizes).toEqual([...Array(Math.ceil(12 / limit) - 1).fill(limit), 12 % limit === 0 ? limit : 12 % limit])
    },
  )

  test('goes on below a time that a script made up', async () => {
    const older = await create({ title: 'older' })
    now += 1
    await create({ title: 'newer' })

    const page = await (await server.request(`/api/conversations?before=${older.updated_at + 1}`)).json()

    expect(page.map(({ id }: Conversation) => id)).toEqual([older.id])
  })

  test('shows the newest prompt and its answer’s state, and no messages', async () => {
    const { id } = await create()
    await ask(id, 'Where is my data?')
    now += 1000
    await ask(id, 'What does it cost?')

    const [shown] = await (await server.request('/api/conversations')).json()

    expect(shown).toMatchObject({ id, preview: expect.stringMatching(/^\w.*/), last_status: 'complete' })
    expect(shown).not.toHaveProperty('messages')
  })

  test('leaves out what is in the trash, and keeps what is pinned or archived in its place', async () => {
    const kept = await create({ title: 'kept' })
    now += 1
    const thrown = await create({ title: 'thrown' })
    await change(kept.id, { pinned_at: 5, archived_at: 6 })
    await server.request(`/api/conversations/${thrown.id}`, { method: 'DELETE' })

    expect((await pages('/api/conversations')).ids).toEqual([kept.id])
  })
})

describe('a new conversation', () => {
  test('has every field, from an empty body', async () => {
    const created = await create()

    expect(created).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      title: 'untitled',
      model: null,
      system_prompt: null,
      params: {},
      tags: [],
      active_leaf_id: null,
      pinned_at: null,
      archived_at: null,
      deleted_at: null,
      created_at: START,
      updated_at: START,
      rev: 1,
    })
    expect(await read(created.id)).toEqual({ ...created, messages: [] })
  })

  test('needs no body at all', async () => {
    expect((await server.request('/api/conversations', { method: 'POST' })).status).toBe(201)
  })

  test('takes its fields, and null for each of them', async () => {
    const fields = { id: NOWHERE, title: 'Über 東京 🗼', model: 'openai/gpt-5', system_prompt: 'Be brief.\nBe kind.' }

    expect(await create(fields)).toMatchObject(fields)
    expect(await create({ id: null, title: null, model: null, system_prompt: null })).toMatchObject({
      title: 'untitled',
      model: null,
    })
  })

  test('made twice under one id is made once', async () => {
    await create({ id: NOWHERE, title: 'first' })
    const before = contentHash(server.databasePath)

    const again = await server.request('/api/conversations', { body: { id: NOWHERE, title: 'second' } })

    expect(again.status).toBe(409)
    expect(contentHash(server.databasePath)).toBe(before)
  })
})

describe('a change', () => {
  test.each([
    ['title', 'New', undefined],
    ['model', 'openai/gpt-5', null],
    ['system_prompt', 'Be brief.', null],
    ['params', { temperature: 0, reasoning: 'high', max_output_tokens: 1 }, {}],
    ['pinned_at', 0, null],
    ['archived_at', 1_800_000_000_000, null],
    ['tags', ['b', 'a', 'ß-東京'], []],
  ] as const)('of %s is kept, alone, and taken back', async (field, value, empty) => {
    const { id } = await create({ title: 'Old' })
    const { rev, ...before } = await create({ title: 'Other' })
    now += 1000
    const standing = await read(id)

    const changed = await change(id, { [field]: value })

    const shown = field === 'tags' ? ['a', 'b', 'ß-東京'] : value
    const isTouched = field !== 'pinned_at' && field !== 'archived_at'
    expect(changed).toEqual({
      ...Object.fromEntries(Object.entries(standing).filter(([name]) => name !== 'messages')),
      [field]: shown,
      updated_at: isTouched ? now : START,
      rev: expect.any(Number),
    })
    expect(changed.rev).toBeGreaterThan(rev)
    expect(await read(before.id)).toMatchObject({ ...before, rev })
    if (empty !== undefined) expect((await change(id, { [field]: empty }))[field]).toEqual(empty)
  })

  test('of several fields takes one place in the feed', async () => {
    const { id, rev } = await create()

    const changed = await change(id, { title: 'New', tags: ['x', 'y'], pinned_at: 1 })

    expect(changed).toMatchObject({ title: 'New', tags: ['x', 'y'], pinned_at: 1, rev: rev + 1 })
  })

  test('said twice leaves the same conversation', async () => {
    const { id } = await create()
    const change1 = await change(id, { title: 'New', tags: ['x'], params: { temperature: 1 } })

    const { rev, ...again } = await change(id, { title: 'New', tags: ['x'], params: { temperature: 1 } })

    expect(again).toEqual(Object.fromEntries(Object.entries(change1).filter(([name]) => name !== 'rev')))
    expect(rev).toBeGreaterThanOrEqual(change1.rev)
  })

  test('of tags to what they are changes nothing at all', async () => {
    const { id } = await create()
    await change(id, { tags: ['x', 'y'] })
    const before = contentHash(server.databasePath)

    await change(id, { tags: ['y', 'x', 'y'] })

    expect(contentHash(server.databasePath)).toBe(before)
  })

  test('of the leaf moves between branches', async () => {
    const { id } = await create()
    const first = await ask(id, 'Where is my data?')
    const second = await ask(id, 'What does it cost?', { parent_id: null })
    expect((await read(id)).active_leaf_id).toBe(second.answer)

    expect((await change(id, { active_leaf_id: first.answer })).active_leaf_id).toBe(first.answer)
    expect((await change(id, { active_leaf_id: null })).active_leaf_id).toBeNull()
  })

  test('that comes later wins although the clock went back', async () => {
    const { id } = await create({ title: 'At first' })
    now = START + 3_600_000
    await change(id, { title: 'By a clock that runs ahead' }, PHONE)
    now = START - 3_600_000

    const changed = await change(id, { title: 'By a clock that runs behind' }, LAPTOP)

    expect(changed.title).toBe('By a clock that runs behind')
    expect(changed.updated_at).toBe(START + 3_600_000)
    expect((await read(id)).title).toBe('By a clock that runs behind')
  })

  test('of one tag by each of two devices keeps both', async () => {
    const { id } = await create()
    await change(id, { tags: ['phone'] }, PHONE)

    expect((await change(id, { tags: ['phone', 'laptop'] }, LAPTOP)).tags).toEqual(['laptop', 'phone'])
    expect((await change(id, { tags: ['laptop'] }, LAPTOP)).tags).toEqual(['laptop'])
    expect((await change(id, { tags: ['laptop', 'phone'] }, PHONE)).tags).toEqual(['laptop', 'phone'])
  })

  test('keeps tags that are names of JavaScript itself', async () => {
    const { id } = await create()
    const tags = ['__proto__', 'constructor', 'toString']

    expect((await change(id, { tags })).tags).toEqual(tags)
    expect((await change(id, { tags: ['constructor'] })).tags).toEqual(['constructor'])
  })
})

describe('the trash', () => {
  test('takes a conversation once, and hides it everywhere', async () => {
    const { id } = await create()
    await ask(id, 'Where is my data?')

    const gone = await server.request(`/api/conversations/${id}`, { method: 'DELETE' })
    expect([gone.status, await gone.text()]).toEqual([204, ''])
    const before = contentHash(server.databasePath)

    expect((await server.request(`/api/conversations/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect(contentHash(server.databasePath)).toBe(before)
    expect((await server.request(`/api/conversations/${id}`)).status).toBe(404)
    expect((await server.request(`/api/conversations/${id}`, { method: 'PATCH', body: { title: 'x' } })).status).toBe(
      404,
    )
    expect((await server.request(`/api/conversations/${id}/clone`, { body: {} })).status).toBe(404)
    expect(await (await server.request('/api/search?q=data')).json()).toEqual([])
  })
})

describe('a copy', () => {
  /** prompt₁ → answer₁ → prompt₂ → answer₂, and beside prompt₂ another, prompt₃ → answer₃. */
  async function branched(): Promise<{ id: string; first: string; second: string; third: string }> {
    const { id } = await create({ title: 'Branches', system_prompt: 'Be brief.' })
    await change(id, { tags: ['kept'], params: { temperature: 1 } })
    const { answer: first } = await ask(id, 'Where is my data?')
    const { answer: second } = await ask(id, 'What does it cost?')
    const { answer: third } = await ask(id, 'Which keys are there?', { parent_id: first })
    return { id, first, second, third }
  }

  /** The tree as text, whatever the ids are. */
  function shape(messages: readonly Message[], parent: string | null = null): unknown[] {
    return messages
      .filter(message => message.parent_id === parent)
      .map(message => [message.role, message.content, message.status, message.created_at, shape(messages, message.id)])
  }

  test('of all has the same tree under new ids, and was not paid for again', async () => {
    const { id, third } = await branched()
    const source = await read(id)
    const bill = await (await server.request('/api/usage/summary')).json()
    now += 60_000

    const copy = await clone(id)

    expect(copy).toMatchObject({
      title: 'Branches (copy)',
      system_prompt: 'Be brief.',
      model: MODEL,
      tags: ['kept'],
      params: { temperature: 1 },
      created_at: now,
      updated_at: now,
    })
    expect(shape(copy.messages)).toEqual(shape(source.messages))
    expect(bill.total).toMatchObject({ requests: 3, tokens_cache_read: 24 })
    const ids = new Set([...source.messages, ...copy.messages].map(message => message.id))
    expect(ids.size).toBe(12)
    const leaf = copy.messages.find(message => message.id === copy.active_leaf_id)
    expect(leaf?.content).toBe(source.messages.find(message => message.id === third)?.content)
    for (const message of copy.messages) {
      expect(message).toMatchObject({
        conversation_id: copy.id,
        run_id: null,
        cost_nanousd: null,
        tokens_output: null,
        price_state: null,
      })
    }
    expect((await (await server.request('/api/usage/summary')).json()).total).toEqual(bill.total)
    expect(await read(id)).toEqual(source)
    expect(await read(copy.id)).toEqual(copy)
  })

  test('of the path to a message has that path alone', async () => {
    const { id, second } = await branched()
    const { messages } = await read(id)

    const copy = await clone(id, { message_id: second })

    expect(copy.messages.map(({ role, content }) => [role, content])).toEqual(
      messages.slice(0, 4).map(({ role, content }) => [role, content]),
    )
    expect(copy.messages.map(message => message.parent_id)).toEqual([
      null,
      ...copy.messages.slice(0, 3).map(message => message.id),
    ])
    expect(copy.active_leaf_id).toBe(copy.messages[3]?.id)
  })

  test('of the path ends at the shown leaf when no message is named', async () => {
    const { id, first } = await branched()
    await change(id, { active_leaf_id: first })

    expect((await clone(id, { scope: 'path' })).messages).toHaveLength(2)
  })

  test('of all with a message shows that message', async () => {
    const { id, first } = await branched()
    const content = (await read(id)).messages.find(message => message.id === first)?.content

    const copy = await clone(id, { scope: 'all', message_id: first })

    expect(copy.messages).toHaveLength(6)
    expect(copy.messages.find(message => message.id === copy.active_leaf_id)?.content).toBe(content)
  })

  test.each(['all', 'path'])(
    'of %s leaves out an answer that is being written, and shows the prompt above it',
    async scope => {
      const { id } = await create()
      await ask(id, 'Where is my data?')
      await beginAnswer(id, 'What does it cost?')

      const copy = await clone(id, { scope })

      expect(copy.messages.map(({ role, status }) => [role, status])).toEqual([
        ['user', 'complete'],
        ['assistant', 'complete'],
        ['user', 'complete'],
      ])
      expect(copy.active_leaf_id).toBe(copy.messages[2]?.id)
    },
  )

  test('moves up what was asked below an answer that is being written', async () => {
    const { id } = await create()
    const { answer } = await beginAnswer(id, 'Where is my data?')
    await beginAnswer(id, 'And my keys?')
    expect((await read(id)).messages.filter(message => message.parent_id === answer)).toHaveLength(1)

    const copy = await clone(id)

    expect(copy.messages.map(({ content }) => content)).toEqual(['Where is my data?', 'And my keys?'])
    expect(copy.messages.map(message => message.parent_id)).toEqual([null, copy.messages[0]?.id])
  })

  test('named by an answer that is being written is refused', async () => {
    const { id } = await create()
    const { answer } = await beginAnswer(id, 'Where is my data?')

    const refusal = await server.request(`/api/conversations/${id}/clone`, { body: { message_id: answer } })

    expect([refusal.status, (await refusal.json()).error.field]).toEqual([404, 'message_id'])
  })

  test('of an empty conversation is empty', async () => {
    const { id } = await create({ title: 'Nothing yet' })

    expect(await clone(id)).toMatchObject({ title: 'Nothing yet (copy)', messages: [], active_leaf_id: null })
  })

  test('of the longest title has one that can be stored again', async () => {
    const { id } = await create({ title: `${'x'.repeat(292)}😀${'y'.repeat(6)}` })

    const { id: copyId, title } = await clone(id)

    expect(title).toBe(`${'x'.repeat(292)} (copy)`)
    await change(copyId, { title })
  })

  test('can be searched, and goes its own way', async () => {
    const { id } = await create()
    await ask(id, 'Where is my zebra?')
    const copy = await clone(id)
    await server.request(`/api/conversations/${id}`, { method: 'DELETE' })

    const hits = await (await server.request('/api/search?q=zebra')).json()

    expect(hits.map((hit: { conversation_id: string }) => hit.conversation_id)).toEqual([copy.id])
    await ask(copy.id, 'And my keys?')
    expect((await read(copy.id)).messages).toHaveLength(4)
  })
})
