import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { jsonOf } from '../transfer/helpers.ts'
import { randomChats } from '../transfer/random-chats.ts'

let server: TestServer

beforeEach(async () => {
  server = await startTestServer()
})

afterEach(() => server.close())

const importOf = (body: unknown, query = '', on = server) => on.request(`/api/import${query}`, { body })
const exportOf = async (query = '', on = server) => (await on.request(`/api/export${query}`)).text()
const chatText = async (change: object, message: object = {}) => {
  const [chat] = randomChats(3, 1)
  const first = {
    ...randomChats(4, 20).find(({ messages }) => messages.length > 0)?.messages[0],
    parent_id: null,
    ...message,
  }
  return {
    format: 'llm-router',
    version: 1,
    conversations: [{ ...chat, active_leaf_id: null, messages: [first], ...change }],
  }
}

describe('our own format', () => {
  test.each([1, 2, 3, 4, 5])(
    'is bit-equal after export, import into an empty store and export again (seed %i)',
    async seed => {
      const file = await jsonOf(randomChats(seed, 25))

      const first = await (await importOf(file)).json()
      const exported = await exportOf()
      const other = await startTestServer()
      await importOf(exported, '', other)
      const again = await exportOf('', other)
      await other.close()

      expect(first.conversations).toEqual({ new: 25, grown: 0, unchanged: 0 })
      expect(exported).toBe(file)
      expect(again).toBe(file)
    },
  )

  test('brought in a second time changes nothing', async () => {
    const file = await jsonOf(randomChats(7, 10))
    await importOf(file)
    const before = await (await server.request('/api/sync/boot')).json()

    const second = await (await importOf(file)).json()

    expect(second.conversations).toEqual({ new: 0, grown: 0, unchanged: 10 })
    expect((await (await server.request('/api/sync/boot')).json()).head).toEqual(before.head)
  })

  test('never overwrites what was changed since', async () => {
    const [chat] = randomChats(8, 5).filter(({ deleted_at }) => deleted_at === null)
    const file = await jsonOf(chat ? [chat] : [])
    await importOf(file)
    await server.request(`/api/conversations/${chat?.id}`, { method: 'PATCH', body: { title: 'My own title' } })

    await importOf(file)

    expect((await (await server.request(`/api/conversations/${chat?.id}`)).json()).title).toBe('My own title')
  })

  test('makes no row in the ledger, whatever its messages cost once', async () => {
    await importOf(await jsonOf(randomChats(9, 20)))

    const { total } = await (await server.request('/api/usage/summary')).json()

    expect(total).toMatchObject({ requests: 0, cost_nanousd: 0 })
  })

  test('holds a real chat with its answer, and no key', async () => {
    await server.close()
    server = await startTestServer({ environment: { OPENAI_API_KEY: 'sk-canary-1234567890' } })
    const asked = await server.request('/api/chat/stream', {
      body: { model: 'manual/manual', message: 'How do I add a key?' },
    })
    await asked.text()

    const { conversations, usage } = JSON.parse(await exportOf('?usage=1'))

    expect(conversations[0].messages.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant'])
    expect(usage).toHaveLength(1)
    expect(await exportOf('?usage=1')).not.toContain('canary')
  })

  test('with the ledger beside it is read all the same, and the ledger left alone', async () => {
    const asked = await server.request('/api/chat/stream', {
      body: { model: 'manual/manual', message: 'How do I add a key?' },
    })
    await asked.text()
    const file = await exportOf('?usage=1')

    const report = await (await importOf(file)).json()

    expect(report.conversations.unchanged).toBe(1)
    expect(JSON.parse(await exportOf('?usage=1')).usage).toHaveLength(1)
  })
})

describe('an import', () => {
  test('that is only tried out tells everything and changes nothing', async () => {
    const chats = randomChats(11, 10)

    const report = await (await importOf(await jsonOf(chats), '?dry_run=1')).json()

    expect(report).toMatchObject({
      dry_run: true,
      sources: ['llm-router'],
      conversations: { new: 10, grown: 0, unchanged: 0 },
      messages: { new: chats.flatMap(({ messages }) => messages).length, unchanged: 0 },
      skipped: [],
    })
    expect(JSON.parse(await exportOf()).conversations).toEqual([])
  })

  test.each([
    ['a wrong type', { title: 5 }, {}, 'conversations.0.title'],
    ['an unknown member', { colour: 'red' }, {}, 'conversations.0.colour'],
    ['a message without a role', {}, { role: undefined }, 'conversations.0.messages.0.role'],
    ['a word nobody knows', {}, { status: 'dancing' }, 'conversations.0.messages.0.status'],
    [
      'an active leaf that is not there',
      { active_leaf_id: '01890000-0000-7000-8000-000000000000' },
      {},
      'conversations.0.active_leaf_id',
    ],
    ['a temperature out of range', { params: { temperature: 9 } }, {}, 'conversations.0.params.temperature'],
  ])('with %s names the field and changes nothing', async (_, change, message, field) => {
    const response = await importOf(await chatText(change, message))

    expect(response.status).toBe(400)
    expect((await response.json()).error).toMatchObject({ code: 'bad-request', field })
    expect(JSON.parse(await exportOf()).conversations).toEqual([])
  })

  test('that is wrong at its very end changes nothing', async () => {
    const file = await jsonOf(randomChats(12, 10))

    const response = await importOf(file.slice(0, -20))

    expect(response.status).toBe(400)
    expect(JSON.parse(await exportOf()).conversations).toEqual([])
  })

  test('from a later version asks for an update', async () => {
    const response = await importOf({ format: 'llm-router', version: 2, conversations: [{}] })

    expect((await response.json()).error).toMatchObject({ code: 'bad-request', field: 'version' })
  })

  test('comes back after its rows were purged, under other ids', async () => {
    const file = await jsonOf(randomChats(13, 3))
    await importOf(file)
    await server.request('/api/user-data', { method: 'DELETE', body: { confirm: 'delete everything' } })

    const report = await (await importOf(file)).json()
    const again = await (await importOf(file)).json()

    expect(report.conversations).toEqual({ new: 3, grown: 0, unchanged: 0 })
    expect(again.conversations).toEqual({ new: 0, grown: 0, unchanged: 3 })
  })

  test('adds what a longer version of a chat has, and moves its end on', async () => {
    const [chat] = randomChats(14, 30).filter(({ messages, deleted_at }) => messages.length > 4 && deleted_at === null)
    if (chat === undefined) throw new Error('No chat of this seed is long enough')
    const [first, second] = chat.messages
    if (first === undefined || second === undefined) throw new Error('It has messages')
    const short = { ...chat, active_leaf_id: first.id, messages: [{ ...first, parent_id: null }] }
    const long = {
      ...chat,
      active_leaf_id: second.id,
      messages: [
        { ...first, parent_id: null },
        { ...second, parent_id: first.id },
      ],
    }
    await importOf(await jsonOf([short]))

    const report = await (await importOf(await jsonOf([long]))).json()

    const { active_leaf_id } = JSON.parse(await exportOf()).conversations[0]
    expect(report.conversations).toEqual({ new: 0, grown: 1, unchanged: 0 })
    expect(active_leaf_id).toBe(second.id)
  })

  test.each([
    ['itself', (ids: readonly string[]) => [ids[0], null, null]],
    ['what hangs on it', (ids: readonly string[]) => [ids[2], ids[0], ids[1]]],
  ])('with a message that hangs on %s is refused, for nothing that goes up from it would end', async (_, parentsOf) => {
    const [chat] = randomChats(17, 30).filter(({ messages }) => messages.length > 2)
    const messages = (chat?.messages ?? []).slice(0, 3)
    const parents = parentsOf(messages.map(({ id }) => id))
    const hanging = messages.map((message, index) => ({ ...message, parent_id: parents[index] ?? null }))

    const response = await importOf(await chatText({ messages: hanging }))

    expect(response.status).toBe(400)
    expect((await response.json()).error.field).toMatch(/^conversations\.0\.messages\.\d\.parent_id$/)
  })

  test('of a chat whose messages stand in another one brings them all under ids of its own, once', async () => {
    const [chat] = randomChats(18, 30).filter(({ messages }) => messages.length > 2)
    const copy = chat && { ...chat, id: '01890000-0000-7000-8000-000000000001', title: 'By hand' }
    const file = await jsonOf([chat, copy].flatMap(each => each ?? []))

    await importOf(file)
    const second = await (await importOf(file)).json()

    const { conversations } = JSON.parse(await exportOf())
    const lengths = conversations.map(({ messages }: { messages: unknown[] }) => messages.length)
    expect(lengths).toEqual([chat?.messages.length, chat?.messages.length])
    expect(second.conversations).toEqual({ new: 0, grown: 0, unchanged: 2 })
  })

  test('is refused as any other type than JSON or an archive', async () => {
    const response = await server.request('/api/import', { body: '[]', headers: { 'content-type': 'text/plain' } })

    expect(response.status).toBe(415)
  })
})

describe('an export', () => {
  test('names an id that is not there', async () => {
    const response = await server.request('/api/export?conversations=01890000-0000-7000-8000-000000000000')

    expect(response.status).toBe(404)
    expect((await response.json()).error.field).toBe('conversations')
  })

  test('of a chat that is named twice has it once', async () => {
    const [chat] = randomChats(19, 1)
    const file = await jsonOf(chat ? [chat] : [])
    await importOf(file)

    expect(await exportOf(`?conversations=${chat?.id},${chat?.id}`)).toBe(file)
  })

  test('of one chat in Markdown is a text; of several an archive', async () => {
    const [first, second] = randomChats(15, 8).filter(({ deleted_at }) => deleted_at === null)
    await importOf(await jsonOf([first, second].flatMap(chat => chat ?? [])))

    const single = await server.request(`/api/export?format=markdown&conversations=${first?.id}`)
    const several = await server.request('/api/export?format=markdown')

    expect(single.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(await single.text()).toContain(`- id: ${first?.id}`)
    expect(several.headers.get('content-type')).toBe('application/zip')
    expect(new Uint8Array(await several.arrayBuffer()).slice(0, 2)).toEqual(Uint8Array.of(0x50, 0x4b))
  })

  test('as a page executes nothing of what was written, and asks nobody for anything', async () => {
    await importOf(await jsonOf(randomChats(16, 20)))

    const page = await exportOf('?format=html')

    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toContain('alert(1)</script>')
    expect(page).toContain("default-src 'none'")
  })
})
