import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Body,
  conversation,
  createSyncCore,
  Device,
  prompt,
  type SyncCore,
  setFields,
} from '../helpers/sync-core.ts'

const LIFE = 1_000_000

let core: SyncCore
let phone: Device
let laptop: Device
let chat: string

beforeEach(() => {
  core = createSyncCore()
  phone = new Device(core)
  laptop = new Device(core)
  chat = core.newId()
  phone.push(conversation(chat, 100, { title: 'At first' }))
})

const run = (id: string, userMessage: string, message: string, fields: object = {}): Body => ({
  op: 'run.start',
  id,
  conversation_id: chat,
  user_message_id: userMessage,
  message_id: message,
  model: 'manual/manual',
  created_at: 200,
  ...fields,
})

const title = (text: string, clock: readonly [number, string]) =>
  setFields('conversations', chat, { title: text }, clock)
const titleOn = (device: Device) => {
  device.push()
  return device.fields('conversations', chat)?.['title']
}
const stored = (table: string, id: string) => core.rows(table).find(row => row['id'] === id)

describe('a row that is put', () => {
  test('reaches every device with each field, and with defaults for those left out', () => {
    laptop.push()

    expect(laptop.row('conversations', chat)).toEqual([
      'conversations',
      chat,
      1,
      null,
      0,
      {
        title: 'At first',
        model: null,
        system_prompt: null,
        params: {},
        tags: [],
        active_leaf_id: null,
        pinned_at: null,
        archived_at: null,
        deleted_at: null,
        created_at: 100,
        updated_at: 100,
      },
      { title: [100, 'maker'], updated_at: [100, 'maker'] },
    ])
  })

  test.each<[kind: Extract<Body, { op: 'put' }>['kind'], id: string, values: Record<string, unknown>]>([
    ['personas', '01a20000-0000-7000-8000-000000000001', { name: 'Pirate', params: { temperature: 1 }, model: 'a/b' }],
    ['settings', 'theme', { value: { name: 'retro', dark: true, text: '"\n\u2028😀' } }],
    [
      'attachments',
      '01a20000-0000-7000-8000-000000000002',
      { sha256: 'a'.repeat(64), name: 'x.png', media_type: 'image/png', bytes: 3, width: 1, height: null },
    ],
  ])('of the kind %s comes back as it was put', (kind, id, values) => {
    const set = Object.fromEntries(
      Object.entries({ ...values, created_at: 7 }).map(([field, value]) => [field, [value, [7, phone.id]]]),
    ) as Extract<Body, { op: 'put' }>['set']

    expect(phone.push({ op: 'put', kind, id, set })).toEqual([])
    laptop.push()

    expect(laptop.fields(kind, id)).toMatchObject({ ...values, created_at: 7 })
  })

  test('a second time is merged field by field, and what is fixed stays', () => {
    laptop.push(
      conversation(chat, 300, { title: 'Put again', created_at: 900 }),
      conversation(chat, 50, { title: 'Put too late' }),
    )

    expect(stored('conversations', chat)).toMatchObject({ title: 'Put again', created_at: 100 })
    expect(core.rows('conversations')).toHaveLength(1)
  })

  test('with tags has them, each with its own clock', () => {
    const id = core.newId()

    phone.push(conversation(id, 5, { 'tags/b': true, 'tags/a': true, 'tags/c': false }))

    expect(phone.fields('conversations', id)?.['tags']).toEqual(['a', 'b'])
    expect(phone.row('conversations', id)?.[6]).toMatchObject({ 'tags/a': [5, 'maker'], 'tags/c': [5, 'maker'] })
  })

  test('keeps clocks that are older than itself, for its device counts on from them', () => {
    const id = core.newId()
    const set: Extract<Body, { op: 'put' }>['set'] = { created_at: [5000, [10, 'x']], title: ['One', [10, 'x']] }

    phone.push(
      { op: 'put', kind: 'conversations', id, set },
      setFields('conversations', id, { title: 'Two' }, [11, phone.id]),
    )

    expect(phone.fields('conversations', id)?.['title']).toBe('Two')
  })

  test('as a message can be searched, is its conversation’s, and has the device it came from', () => {
    const id = core.newId()

    expect(phone.push(prompt(id, chat, 200, { content: 'Where is my zebra?' }))).toEqual([])

    expect(phone.row('messages', id)?.[3]).toBe(chat)
    expect(phone.fields('messages', id)).toMatchObject({
      conversation_id: chat,
      role: 'user',
      content: 'Where is my zebra?',
      status: 'complete',
      attachments: [],
      citations: [],
      device_id: phone.id,
      deleted_at: null,
      parent_id: null,
      cost_nanousd: null,
    })
    const found = core.sqlite.prepare("SELECT COUNT(*) FROM messages_fts WHERE content MATCH 'zebra'").pluck().get()
    expect(found).toBe(1)
  })

  test('as a message of an unknown conversation is missing its place', () => {
    expect(phone.push(prompt(core.newId(), core.newId(), 1))).toEqual([{ n: 2, result: 'missing' }])
    expect(core.rows('messages')).toEqual([])
  })
})

describe('R4: a conflict is decided field by field', () => {
  test.each([
    [200, 300, 'Laptop'],
    [300, 200, 'Phone'],
  ])('phone at %i, laptop at %i: %s wins, whoever comes first', (phoneAt, laptopAt, winner) => {
    const edits = [title('Phone', [phoneAt, 'p']), title('Laptop', [laptopAt, 'l'])] as const

    phone.push(edits[0])
    laptop.push(edits[1])
    expect([titleOn(phone), titleOn(laptop)]).toEqual([winner, winner])

    const other = createSyncCore()
    const [first, second] = [new Device(other), new Device(other)]
    first.push(conversation(chat, 100, { title: 'At first' }))
    second.push(edits[1])
    first.push(edits[0])
    expect(first.fields('conversations', chat)?.['title']).toBe(winner)
  })

  test('the higher device id wins a tie', () => {
    phone.push(title('b', [500, 'b']))
    laptop.push(title('a', [500, 'a']))

    expect(titleOn(phone)).toBe('b')
  })

  test('edits of two fields both stay', () => {
    phone.push(title('New title', [200, 'p']))
    laptop.push(setFields('conversations', chat, { model: 'openai/gpt-5' }, [150, 'l']))
    phone.push()

    expect(phone.fields('conversations', chat)).toMatchObject({ title: 'New title', model: 'openai/gpt-5' })
  })

  test('tags added by two devices at once both stay, and one taken away goes', () => {
    phone.push(setFields('conversations', chat, { 'tags/work': true }, [200, 'p']))
    laptop.push(setFields('conversations', chat, { 'tags/home': true, 'tags/none': false }, [200, 'l']))
    phone.push(setFields('conversations', chat, { 'tags/work': false }, [201, 'p']))
    laptop.push()

    expect(laptop.fields('conversations', chat)?.['tags']).toEqual(['home'])
  })

  test('a value that lost is kept for a while, but not where somebody was reading', () => {
    phone.push(title('Winner', [300, 'p']), setFields('conversations', chat, { updated_at: 300 }, [300, 'p']))
    laptop.push(title('Loser', [200, 'l']), setFields('conversations', chat, { updated_at: 200 }, [200, 'l']))

    expect(core.rows('conflicts')).toEqual([
      {
        user_id: 1,
        kind: 'conversations',
        row_id: chat,
        field: 'title',
        value: '"Loser"',
        at: '[200,"l"]',
        recorded_at: LIFE,
      },
    ])
  })

  test('the same set again changes nothing and takes no place in the feed', () => {
    phone.push(title('Once', [300, 'p']))
    const head = core.writer.head()

    laptop.push(title('Once', [300, 'p']))

    expect(core.writer.head()).toBe(head)
  })
})

describe('R5: the trash and the purge', () => {
  test('an edit never brings a conversation back from the trash, a restore does', () => {
    phone.push(setFields('conversations', chat, { deleted_at: 200 }, [200, 'p']))
    laptop.push(title('Edited', [300, 'l']))
    phone.push()
    expect(phone.fields('conversations', chat)).toMatchObject({ deleted_at: 200, title: 'Edited' })

    laptop.push(setFields('conversations', chat, { deleted_at: null }, [301, 'l']))
    phone.push()
    expect(phone.fields('conversations', chat)?.['deleted_at']).toBeNull()
  })

  test('a purge takes the messages along, and leaves nothing that anybody wrote', () => {
    const message = core.newId()
    phone.push(prompt(message, chat, 200, { content: 'Zebra secret' }), title('Loser', [1, 'a']))

    expect(phone.push({ op: 'purge', kind: 'conversations', id: chat })).toEqual([])
    laptop.push()

    expect(laptop.row('conversations', chat)).toEqual(['conversations', chat, expect.any(Number), null, 1, {}, {}])
    expect(laptop.row('messages', message)).toEqual(['messages', message, expect.any(Number), chat, 1, {}, {}])
    const all = JSON.stringify(['conversations', 'messages', 'conflicts', 'runs'].map(core.rows))
    expect(all).not.toMatch(/Zebra|At first|Loser/)
    expect(core.sqlite.prepare("SELECT COUNT(*) FROM messages_fts WHERE content MATCH 'zebra'").pluck().get()).toBe(0)
  })

  test('a purge absorbs every later put and set, of the messages too', () => {
    const message = core.newId()
    phone.push(prompt(message, chat, 200), { op: 'purge', kind: 'conversations', id: chat })
    const head = core.writer.head()

    const results = laptop.push(
      title('Late', [900, 'l']),
      conversation(chat, 900, { title: 'Put again' }),
      setFields('messages', message, { deleted_at: 5 }, [900, 'l']),
      prompt(message, chat, 900),
      prompt(core.newId(), chat, 900),
      run(core.newId(), message, core.newId()),
      { op: 'purge', kind: 'conversations', id: chat },
    )

    expect(results).toEqual([1, 2, 3, 4, 5, 6].map(n => ({ n, result: 'gone' })))
    expect(core.writer.head()).toBe(head)
  })

  test('a purge of what the server has forgotten leaves a tombstone too', () => {
    const lost = core.newId()

    phone.push({ op: 'purge', kind: 'conversations', id: lost }, { op: 'purge', kind: 'settings', id: 'theme' })

    expect(laptop.push(conversation(lost, 5))).toEqual([{ n: 1, result: 'gone' }])
    expect(laptop.row('settings', 'theme')?.[4]).toBe(1)
    expect(phone.push({ op: 'purge', kind: 'messages', id: core.newId() })).toEqual([{ n: 4, result: 'missing' }])
  })

  test('a purge stops the runs of the conversation', () => {
    const [question, answer, id] = [core.newId(), core.newId(), core.newId()]
    phone.push(prompt(question, chat, 150), run(id, question, answer))

    phone.push({ op: 'purge', kind: 'conversations', id: chat })

    expect(core.stopped).toEqual([id])
    expect(stored('runs', id)).toMatchObject({ cancel_at: LIFE, request: '{"system":null,"params":{}}' })
  })
})

describe('what is not right is done with and changes nothing', () => {
  const set = (kind: Extract<Body, { op: 'set' }>['kind'], id: string, fields: object): Body =>
    setFields(kind, id, { ...fields }, [900, 'x'])

  test.each<[what: string, make: () => Body]>([
    ['a server’s field of a message', () => set('messages', chat, { status: 'complete' })],
    ['a cost', () => set('messages', chat, { cost_nanousd: 0 })],
    ['another owner', () => set('conversations', chat, { user_id: 2 })],
    ['a position in the feed', () => set('conversations', chat, { rev: 1 })],
    ['the purge as a field', () => set('conversations', chat, { purged: 0 })],
    ['clocks as a field', () => set('conversations', chat, { at: {} })],
    ['a fixed field', () => set('conversations', chat, { created_at: 1 })],
    ['a field that there is not', () => set('conversations', chat, { colour: 'red' })],
    ['a field of JavaScript itself', () => set('conversations', chat, { constructor: 'red' })],
    ['a column by another name', () => set('conversations', chat, { 'title = 1, user_id': 'red' })],
    ['an empty title', () => set('conversations', chat, { title: '' })],
    ['a title that is a number', () => set('conversations', chat, { title: 1 })],
    ['a title of 301 characters', () => set('conversations', chat, { title: 'x'.repeat(301) })],
    ['a title with half a character', () => set('conversations', chat, { title: '\ud83d' })],
    ['a model without provider', () => set('conversations', chat, { model: 'gpt' })],
    ['a temperature of 3', () => set('conversations', chat, { params: { temperature: 3 } })],
    ['a parameter that there is not', () => set('conversations', chat, { params: { top_p: 1 } })],
    ['a leaf that is no id', () => set('conversations', chat, { active_leaf_id: 'x' })],
    ['a time before 1970', () => set('conversations', chat, { deleted_at: -1 })],
    ['a tag with a comma', () => set('conversations', chat, { 'tags/a,b': true })],
    ['a tag without a name', () => set('conversations', chat, { 'tags/': true })],
    ['a tag that is neither there nor not', () => set('conversations', chat, { 'tags/a': 1 })],
    ['a list of tags', () => set('conversations', chat, { tags: ['a'] })],
    ['one wrong field among right ones', () => set('conversations', chat, { title: 'x', model: 1 })],
    ['a clock beyond all calendars', () => setFields('conversations', chat, { title: 'x' }, [9e15, 'x'])],
    ['a clock before 1970', () => setFields('conversations', chat, { title: 'x' }, [-1, 'x'])],
    ['an id that is none', () => set('conversations', 'x', { title: 'x' })],
    ['a setting without a name', () => set('settings', '', { value: 1 })],
    ['a setting that is too long', () => set('settings', 'theme', { value: 'x'.repeat(20_000) })],
    ['a new conversation without its time', () => ({ op: 'put', kind: 'conversations', id: core.newId(), set: {} })],
    ['a new message without its text', () => prompt(core.newId(), chat, 1, { content: null })],
    ['a new message of nobody', () => prompt(core.newId(), chat, 1, { role: 'tool' })],
    [
      'a new message with a run that this server did not do',
      () => prompt(core.newId(), chat, 1, { run_id: core.newId() }),
    ],
    ['a new message with a wrong price', () => prompt(core.newId(), chat, 1, { cost_nanousd: -1 })],
    ['a new message with NUL', () => prompt(core.newId(), chat, 1, { content: 'a\0b' })],
    ['a purge without an id', () => ({ op: 'purge', kind: 'conversations', id: 'x' })],
  ])('%s', (_, make) => {
    const before = JSON.stringify(['conversations', 'messages', 'settings', 'conflicts'].map(core.rows))

    const results = phone.push(make(), title('Next', [901, phone.id]))

    expect(results).toEqual([{ n: 2, result: 'invalid' }])
    const after = ['conversations', 'messages', 'settings', 'conflicts'].map(core.rows)
    expect(JSON.stringify(after[0]?.map(({ title: _title, at: _at, rev: _rev, ...rest }) => rest))).toBe(
      JSON.stringify(
        JSON.parse(before)[0].map(({ title: _t, at: _a, rev: _r, ...rest }: Record<string, unknown>) => rest),
      ),
    )
    expect(JSON.stringify(after.slice(1))).toBe(JSON.stringify(JSON.parse(before).slice(1)))
    expect(titleOn(laptop)).toBe('Next')
  })

  test('a message out of a file keeps what it cost once, and the ledger does not count it', () => {
    const fields = {
      role: 'assistant',
      model: 'openai/gpt-4',
      reasoning: 'Thought.',
      cost_nanousd: 5,
      tokens_output: 7,
    }
    const id = core.newId()

    const results = phone.push(prompt(id, chat, 1, { ...fields, device_id: null }))

    expect(results).toEqual([])
    expect(stored('messages', id)).toMatchObject({ ...fields, status: 'complete', device_id: null })
    expect(core.rows('usage_logs')).toEqual([])
  })

  test('a mutation that cannot be read has its number and no more', () => {
    const [mutation] = phone.make({ op: 'noop' })
    if (!mutation) throw new Error('No mutation')

    expect(phone.deliver([{ ...mutation, op: 'unreadable' }])).toEqual([{ n: 2, result: 'invalid' }])
    expect(phone.ackN).toBe(2)
  })

  test('a set on a row that is not there is missing it', () => {
    expect(phone.push(setFields('personas', core.newId(), { name: 'x' }, [1, 'x']))).toEqual([
      { n: 2, result: 'missing' },
    ])
  })
})

describe('R11: an answer that a restored server has forgotten', () => {
  const USAGE = {
    tokens_input: 1,
    tokens_output: 2,
    tokens_cache_read: 3,
    tokens_cache_write: null,
    tokens_reasoning: 5,
    cost_nanousd: 600,
    price_state: 'reported',
  }
  let question: string
  let answer: string
  let fields: Readonly<Record<string, unknown>>

  beforeEach(() => {
    question = core.newId()
    answer = core.newId()
    phone.push(prompt(question, chat, 200))
    fields = {
      role: 'assistant',
      parent_id: question,
      content: 'As before.',
      reasoning: 'Thought.',
      citations: [{ url: 'https://example.org', title: null, quote: null, start: 0, end: 2 }],
      model: 'openai/gpt-5',
      status: 'complete',
      finish_reason: 'stop',
      error: null,
      run_id: core.newId(),
      first_token_at: 201,
      first_text_at: 201,
      finished_at: 202,
      device_id: phone.id,
      ...USAGE,
    }
  })

  function restore(): void {
    core.sqlite.exec("INSERT INTO epochs (id, policy, minted_at) VALUES ('restored', 'merge', 1)")
    for (const device of [phone, laptop]) device.epoch = 'restored'
  }

  test('comes back whole, with its bill, once', () => {
    restore()

    expect(phone.push(prompt(answer, chat, 201, fields))).toEqual([])
    expect(laptop.push(prompt(answer, chat, 201, fields))).toEqual([])

    expect(laptop.fields('messages', answer)).toMatchObject(fields)
    expect(core.rows('usage_logs')).toEqual([
      expect.objectContaining({
        ...USAGE,
        tokens_cache_write: 0,
        run_id: fields['run_id'],
        message_id: answer,
        conversation_id: chat,
        provider: 'openai',
        model: 'openai/gpt-5',
        outcome: 'complete',
        price_version: 'recovered',
        timestamp: 201,
      }),
    ])
  })

  test('that was being written is interrupted, with what had come', () => {
    restore()

    phone.push(prompt(answer, chat, 201, { ...fields, status: 'streaming', tokens_output: null }))

    expect(stored('messages', answer)).toMatchObject({ status: 'interrupted', content: 'As before.', error: null })
    expect(core.rows('usage_logs')).toEqual([])
  })

  test.each([
    ['status', 'perfect'],
    ['cost_nanousd', -1],
    ['citations', 'none'],
    ['run_id', 'x'],
    ['model', 'gpt'],
    ['rev', 1],
    ['user_id', 2],
  ])('with a wrong %s is refused', (field, value) => {
    restore()

    expect(phone.push(prompt(answer, chat, 201, { ...fields, [field]: value }))).toEqual([{ n: 3, result: 'invalid' }])
  })

  test('is refused by a server that has forgotten nothing: its fields are the server’s', () => {
    expect(phone.push(prompt(answer, chat, 201, fields))).toEqual([{ n: 3, result: 'invalid' }])
  })
})

describe('I16: two users', () => {
  let stranger: Device
  let message: string

  beforeEach(() => {
    stranger = new Device(core, 2)
    message = core.newId()
    phone.push(prompt(message, chat, 200))
  })

  test('never see each other’s rows', () => {
    stranger.push(conversation(core.newId(), 5, { title: 'Mine' }))

    expect([...stranger.seen.values()].map(row => row[5]['title'])).toEqual(['Mine'])
    phone.push()
    expect([...phone.seen.values()].map(row => row[5]['title'])).not.toContain('Mine')
  })

  test('cannot touch each other’s rows, nor hide anything in them', () => {
    const before = JSON.stringify(['conversations', 'messages', 'runs'].map(core.rows))

    const results = stranger.push(
      title('Stolen', [900, 's']),
      conversation(chat, 900),
      { op: 'purge', kind: 'conversations', id: chat },
      setFields('messages', message, { deleted_at: 1 }, [900, 's']),
      prompt(core.newId(), chat, 900),
      prompt(message, chat, 900),
      run(core.newId(), message, core.newId()),
    )

    expect(results).toEqual([1, 2, 3, 4, 5, 6, 7].map(n => ({ n, result: 'invalid' })))
    expect(JSON.stringify(['conversations', 'messages', 'runs'].map(core.rows))).toBe(before)
  })

  test('cannot start or stop each other’s runs', () => {
    const id = core.newId()
    phone.push(run(id, message, core.newId()))

    expect(stranger.push({ op: 'run.cancel', id }, run(id, message, core.newId()))).toEqual([
      { n: 1, result: 'invalid' },
      { n: 2, result: 'invalid' },
    ])
    expect(stored('runs', id)?.['cancel_at']).toBeNull()
  })

  test('each have a setting of the same name', () => {
    const theme = (value: string): Body => ({
      op: 'put',
      kind: 'settings',
      id: 'theme',
      set: { value: [value, [1, 'x']], created_at: [1, [1, 'x']] },
    })
    phone.push(theme('dark'))
    stranger.push(theme('light'))

    expect([phone, stranger].map(device => device.fields('settings', 'theme')?.['value'])).toEqual(['dark', 'light'])
    stranger.push({ op: 'purge', kind: 'settings', id: 'theme' })
    laptop.push()
    expect(laptop.fields('settings', 'theme')?.['value']).toBe('dark')
  })

  test('cannot use each other’s devices', () => {
    expect(core.sync.sync(2, phone.request()).kind).toBe('device-cloned')
  })
})

describe('a run', () => {
  let question: string
  let answer: string
  let id: string

  beforeEach(() => {
    question = core.newId()
    answer = core.newId()
    id = core.newId()
  })

  test('is stored with its empty answer, and handed over once', () => {
    phone.push(setFields('conversations', chat, { system_prompt: 'Be brief.', params: { temperature: 1 } }, [150, 'p']))

    expect(phone.push(prompt(question, chat, 200), run(id, question, answer))).toEqual([])

    expect(core.started.map(({ row }) => row.id)).toEqual([id])
    expect(stored('runs', id)).toMatchObject({
      conversation_id: chat,
      message_id: answer,
      user_message_id: question,
      model: 'manual/manual',
      state: 'starting',
      request: '{"system":"Be brief.","params":{"temperature":1}}',
      device_id: phone.id,
    })
    expect(phone.fields('messages', answer)).toMatchObject({
      parent_id: question,
      role: 'assistant',
      content: '',
      status: 'streaming',
      run_id: id,
      model: 'manual/manual',
      created_at: 201,
    })
  })

  test('leaves the leaf and the time of its conversation to the device that asked', () => {
    const before = stored('conversations', chat)

    phone.push(prompt(question, chat, 200), run(id, question, answer))

    expect(stored('conversations', chat)).toEqual(before)
  })

  test('starts once though its reply is lost and it is sent again', () => {
    const muts = phone.make(prompt(question, chat, 200), run(id, question, answer))
    phone.send(phone.request(muts))
    phone.send(phone.request(muts))

    phone.deliver(muts)

    expect(core.started).toHaveLength(1)
    expect(core.rows('runs')).toHaveLength(1)
  })

  test('starts once though another device pushes it too', () => {
    phone.push(prompt(question, chat, 200), run(id, question, answer))

    expect(laptop.push(run(id, question, answer))).toEqual([])

    expect(core.started).toHaveLength(1)
  })

  test('that was stopped before it came never begins, and shows as stopped', () => {
    laptop.push({ op: 'run.cancel', id })

    expect(phone.push(prompt(question, chat, 200), run(id, question, answer))).toEqual([])

    expect(core.started).toEqual([])
    expect(stored('runs', id)).toMatchObject({ state: 'cancelled', ended_at: LIFE })
    expect(phone.fields('messages', answer)?.['status']).toBe('cancelled')
  })

  test('that is going on is stopped after the commit', () => {
    phone.push(prompt(question, chat, 200), run(id, question, answer))

    laptop.push({ op: 'run.cancel', id })

    expect(core.stopped).toEqual([id])
    expect(stored('runs', id)?.['cancel_at']).toBe(LIFE)
  })

  test('is held while its provider is missing, and may be started later under the same id', () => {
    const held = phone.push(prompt(question, chat, 200), run(id, question, answer, { model: 'absent/model' }))
    expect(held).toEqual([{ n: 3, result: 'held' }])
    expect(core.rows('runs')).toEqual([])

    expect(phone.push(run(id, question, answer))).toEqual([])
    expect(core.started).toHaveLength(1)
  })

  test.each<[what: string, result: string, make: () => Body]>([
    ['without its prompt', 'missing', () => run(id, core.newId(), answer)],
    ['without its conversation', 'missing', () => run(id, question, answer, { conversation_id: core.newId() })],
    ['of an answer, not a prompt', 'invalid', () => run(id, answer, core.newId())],
    ['whose answer would be the prompt', 'invalid', () => run(id, question, question)],
  ])('%s is %s', (_, result, make) => {
    phone.push(prompt(question, chat, 200), prompt(answer, chat, 201, { role: 'assistant', parent_id: core.newId() }))

    expect(phone.push(make())).toEqual([{ n: 4, result }])
    expect(core.rows('runs')).toEqual([])
  })

  test('of a prompt in another conversation is invalid', () => {
    const other = core.newId()
    phone.push(conversation(other, 5), prompt(question, other, 200))

    expect(phone.push(run(id, question, answer))).toEqual([{ n: 4, result: 'invalid' }])
  })

  test('whose answer another device brought back is not asked again, and keeps that answer', () => {
    phone.push(prompt(question, chat, 200))
    laptop.push(prompt(answer, chat, 201, { role: 'assistant', parent_id: question, content: 'As before.' }))

    expect(phone.push(run(id, question, answer))).toEqual([])

    expect(core.started).toEqual([])
    expect(stored('messages', answer)).toMatchObject({ content: 'As before.', status: 'complete' })
    expect(stored('runs', id)).toMatchObject({ state: 'done', ended_at: LIFE })
  })
})
