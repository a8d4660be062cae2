import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import {
  betterChatGpt,
  bigAgiBackup,
  chatGptChat,
  chatGptMessage,
  claudeChat,
  libreChat,
  libreMessage,
  nextChatBackup,
  openWebUiRow,
  plainChatGpt,
  text,
} from './foreign-files.ts'
import { jsonOf } from './helpers.ts'
import { randomChats } from './random-chats.ts'
import { activeText, only, outline, read } from './read-file.ts'

const SECONDS = 1_700_000_000
const say = (role: string, content: unknown) => ({ role, content })
const reasons = (skipped: readonly { readonly reason: string }[]) => skipped.map(({ reason }) => reason)

describe('times', () => {
  test.each([
    ['seconds', SECONDS],
    ['milliseconds', SECONDS * 1000],
    ['digits', String(SECONDS)],
    ['ISO with a zone', '2023-11-14T23:13:20+01:00'],
    ['ISO without a zone, which is UTC on every device', '2023-11-14 22:13:20'],
  ])('are read as %s', async (_, create_time) => {
    const { chats } = await read([plainChatGpt({ create_time })])

    expect(only(chats).created_at).toBe(SECONDS * 1000)
  })
})

test('answers of one second stand in the order of the file', async () => {
  const answers = Array.from({ length: 30 }, (_, index) => [
    `a${index}`,
    { parentId: 'q', role: 'assistant', content: `${index}`, timestamp: SECONDS },
  ])
  const messages = {
    q: { parentId: null, role: 'user', content: 'Q', timestamp: SECONDS },
    ...Object.fromEntries(answers),
  }

  const { chats } = await read([openWebUiRow({ chat: { history: { currentId: 'a3', messages } } })])

  expect(outline(only(chats)).slice(1)).toEqual(Array.from({ length: 30 }, (_, index) => `  assistant ${index}`))
  const times = only(chats).messages.map(({ created_at }) => created_at)
  expect(new Set(times).size).toBe(31)
})

describe('a chat that went on elsewhere', () => {
  const store = 'chat-next-web-store'

  test('keeps its id, though its file knows only when it was changed last', async () => {
    const [session] = nextChatBackup[store].sessions
    const later = { [store]: { sessions: [{ ...session, lastUpdate: SECONDS * 1000 }] } }

    const [first, second] = [only((await read(nextChatBackup)).chats), only((await read(later)).chats)]

    expect(second.id).toBe(first.id)
    expect(second.messages.map(({ id }) => id)).toEqual(first.messages.map(({ id }) => id))
    expect(second.updated_at).toBe(SECONDS * 1000)
  })

  test('with an answer that was asked for again brings that answer, though its messages have no ids', async () => {
    const [chat] = betterChatGpt.chats
    const other = { ...chat, messages: [say('system', 'S'), say('user', 'Q'), say('assistant', 'Another')] }

    const first = only((await read(betterChatGpt)).chats)
    const second = only((await read({ version: 1, chats: [other] })).chats)

    expect(second.messages[0]?.id).toBe(first.messages[0]?.id)
    expect(second.messages[1]?.id).not.toBe(first.messages[1]?.id)
  })

  test('is another one than one of the same title, though neither has an id', async () => {
    const untitled = (question: string) => ({ title: 'New Chat', messages: [say('user', question)] })

    const { chats } = await read({ version: 1, chats: [untitled('One'), untitled('Two')] })

    expect(new Set(chats.map(({ id }) => id)).size).toBe(2)
  })
})

describe('a ChatGPT export', () => {
  test('names each file that was given with a prompt, but no picture twice', async () => {
    const content = {
      content_type: 'multimodal_text',
      parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'sediment://file_1' }, 'Look'],
    }
    const attachments = [
      { id: 'file_2', name: 'report.pdf' },
      { id: 'file_1', name: 'cat.png' },
    ]

    const { chats, missing } = await read([
      chatGptChat({ ask: [null, chatGptMessage('user', content, { metadata: { attachments } })] }),
    ])

    expect(only(chats).messages[0]?.content).toBe(
      '*[picture: not brought in]*\n\nLook\n\n*[file “report.pdf”: not brought in]*',
    )
    expect(missing).toBe(2)
  })

  test('keeps what was thought where no answer came, at the end and before the next prompt', async () => {
    const call = (code: string) =>
      chatGptMessage('assistant', { content_type: 'code', language: 'python', text: code }, { recipient: 'python' })
    const { chats, skipped } = await read([
      chatGptChat({
        ask: [null, chatGptMessage('user', text('Q'))],
        call: ['ask', call('one()')],
        again: ['call', chatGptMessage('user', text('Again'))],
        other: ['call', chatGptMessage('user', text('Otherwise'))],
        second: ['again', call('two()')],
        recap: ['second', chatGptMessage('assistant', { content_type: 'reasoning_recap', content: 'Stopped' })],
      }),
    ])

    const chat = only(chats)
    expect(outline(chat)).toEqual([
      'user Q',
      '  assistant ',
      '    user Again',
      '      assistant ',
      '    user Otherwise',
    ])
    const answers = chat.messages.filter(({ role }) => role === 'assistant')
    expect(answers.map(({ reasoning }) => reasoning)).toEqual([
      expect.stringContaining('one()'),
      expect.stringContaining('two()'),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['error', 'error'])
    expect(chat.active_leaf_id).toBe(answers[1]?.id)
    expect(reasons(skipped)).toEqual(['a label of the reasoning'])
  })

  test('keeps every step of a long search', async () => {
    const steps = Array.from({ length: 200 }, (_, index): [string, [string, object]] => [
      `s${index}`,
      [
        index === 0 ? 'ask' : `s${index - 1}`,
        chatGptMessage('tool', { content_type: 'execution_output', text: `step ${index}` }),
      ],
    ])
    const { chats } = await read([
      chatGptChat({
        ask: [null, chatGptMessage('user', text('Q'))],
        ...Object.fromEntries(steps),
        answer: ['s199', chatGptMessage('assistant', text('A'))],
      }),
    ])

    const reasoning = only(chats).messages[1]?.reasoning ?? ''
    expect(Array.from(reasoning.matchAll(/step (\d+)/g), ([, step]) => Number(step))).toEqual(
      Array.from({ length: 200 }, (_, index) => index),
    )
  })

  test('hangs a node without a parent where another one lists it as a child', async () => {
    const { mapping, ...rest } = plainChatGpt()
    const orphans = Object.fromEntries(
      Object.entries(Object(mapping)).map(([id, node]) => [id, { ...Object(node), parent: undefined }]),
    )

    const { chats } = await read([{ ...rest, mapping: orphans }])

    expect(outline(only(chats))).toEqual([
      'user What is granite?',
      '  assistant A rock.',
      '  assistant An igneous rock.',
    ])
  })

  test('takes one’s own instructions from where older exports have them', async () => {
    const metadata = {
      user_context_message_data: { about_user_message: 'A geologist', about_model_message: 'Be brief' },
    }
    const { chats } = await read([
      chatGptChat({
        own: [null, chatGptMessage('system', text(''), { metadata })],
        ask: ['own', chatGptMessage('user', text('Q'))],
      }),
    ])

    expect(only(chats).system_prompt).toBe('A geologist\n\nBe brief')
  })

  test('says so where a message is longer than one can be', async () => {
    const { chats, skipped } = await read([
      chatGptChat({ ask: [null, chatGptMessage('user', text('x'.repeat(1_000_001)))] }),
    ])

    expect(only(chats).messages[0]?.content).toHaveLength(1_000_000)
    expect(skipped).toEqual([
      { chat: 'About stones', node: 'ask', reason: 'longer than a message can be: its end was cut' },
    ])
  })
})

describe('a Claude export', () => {
  test('without parents is a tree where it tells of children', async () => {
    const message = (uuid: string, sender: string, child_message_uuids: readonly string[]) => ({
      uuid,
      sender,
      text: uuid,
      child_message_uuids,
    })
    const { chats } = await read([
      claudeChat({
        chat_messages: [
          message('q', 'human', ['a', 'b']),
          message('a', 'assistant', []),
          message('b', 'assistant', []),
        ],
      }),
    ])

    expect(outline(only(chats))).toEqual(['user q', '  assistant a', '  assistant b'])
  })

  test('makes a tag of a chat’s project and a system prompt of its instructions, and names its documents', async () => {
    const project = { uuid: 'p', name: 'Stone age', prompt_template: 'You are old.', docs: [{ filename: 'axe.txt' }] }
    const archive = zipSync({
      'conversations.json': strToU8(JSON.stringify([claudeChat({ project_uuid: 'p' })])),
      'projects.json': strToU8(JSON.stringify([project])),
    })

    const { chats, skipped } = await read(archive)

    expect(only(chats)).toMatchObject({ tags: ['stone-age'], system_prompt: 'You are old.' })
    expect(skipped).toContainEqual({
      chat: 'Stone age',
      node: 'axe.txt',
      reason: 'a document of a project, which belongs to no chat',
    })
  })

  test('as a single chat knows its model', async () => {
    const { chats } = await read(claudeChat({ model: 'claude-sonnet-4' }))

    expect(only(chats).messages[1]?.model).toBe('anthropic/claude-sonnet-4')
  })
})

describe('the other programs', () => {
  test('big-AGI: what a tool did and what was thought is folded away, nothing is lost', async () => {
    const part = (value: object) => ({ ft: 'content', part: value })
    const fragments = [
      part({ pt: 'ma', mType: 'reasoning', aText: 'Let me see.' }),
      part({ pt: 'tool_invocation', id: 't', invocation: { type: 'function_call', name: 'search', args: '{"q":1}' } }),
      part({ pt: 'tool_response', id: 't', response: { result: 'found it' } }),
      part({ pt: 'text', text: 'Here.' }),
      part({ pt: 'error', error: 'cut off' }),
    ]
    const [chat] = bigAgiBackup.conversations
    const messages = [
      { id: 'm1', role: 'user', text: 'First version' },
      { id: 'm2', role: 'assistant', fragments },
    ]

    const { chats } = await read({ conversations: [{ ...chat, messages }] })

    expect(outline(only(chats))).toEqual(['user First version', '  assistant Here.\n\n*[cut off]*'])
    const reasoning = only(chats).messages[1]?.reasoning
    for (const words of ['Let me see.', 'function_call', 'found it']) expect(reasoning).toContain(words)
  })

  test('BetterChatGPT: a list without a version, parts for text, and folders that are told of', async () => {
    const messages = [say('user', [{ type: 'text', text: 'Q' }]), say('assistant', 'A')]
    const chat = { title: 'Old', titleSet: true, messages, config: { model: 'gpt-4' }, folder: 'f' }

    const [listed, current] = [
      await read([chat]),
      await read({ version: 1, chats: [chat], folders: { f: { id: 'f' } } }),
    ]

    expect(listed.sources).toEqual(['betterchatgpt'])
    expect(outline(only(listed.chats))).toEqual(['user Q', '  assistant A'])
    expect(only(current.chats)).toEqual({ ...only(listed.chats) })
    expect(reasons(current.skipped)).toContain('the folders: their chats come without them')
  })

  test('Open WebUI: a row of the first versions, which has only a list', async () => {
    const chat = { title: 'Old', messages: [say('user', 'Q'), { ...say('assistant', 'A'), model: 'llama3' }] }

    const { chats, sources } = await read([openWebUiRow({ chat })])

    expect(sources).toEqual(['open-webui'])
    expect(outline(only(chats))).toEqual(['user Q', '  assistant A'])
  })

  test('LibreChat: model and endpoint of the chat where a message has none, and ids of one digit', async () => {
    const message = (messageId: string, parentMessageId: string, fields: object) => ({
      messageId,
      parentMessageId,
      ...fields,
    })
    const { chats } = await read(
      libreChat({
        endpoint: 'openAI',
        options: { model: 'gpt-4o' },
        messages: [
          message('0', '00000000-0000-0000-0000-000000000000', { sender: 'User', text: 'Q' }),
          message('1', '0', { sender: 'GPT', text: 'One', isCreatedByUser: false }),
          message('2', '0', { sender: 'GPT', text: 'Two', model: 'o3', isCreatedByUser: false }),
        ],
      }),
    )

    expect(outline(only(chats))).toEqual(['user Q', '  assistant One', '  assistant Two'])
    expect(only(chats).messages.map(({ model }) => model)).toEqual([null, 'openai/gpt-4o', 'openai/o3'])
  })

  test('Grok: a second first prompt is a root, not the answer to what stands before it', async () => {
    const response = (_id: string, sender: string, parent_response_id?: string) => ({
      response: { _id, sender, message: _id, parent_response_id },
    })
    const responses = [response('q1', 'human'), response('a1', 'ASSISTANT', 'q1'), response('q2', 'human')]

    const { chats } = await read({ conversations: [{ conversation: { id: 'g' }, responses }] })

    expect(outline(only(chats))).toEqual(['user q1', '  assistant a1', 'user q2'])
  })

  test('LibreChat: the newest leaf is shown, for the file does not tell', async () => {
    const { chats } = await read(
      libreChat({
        messages: [
          libreMessage('q', null, { text: 'Q', isCreatedByUser: true, createdAt: '2025-01-01T00:00:00Z' }),
          libreMessage('new', 'q', { text: 'New', createdAt: '2025-01-03T00:00:00Z' }),
          libreMessage('old', 'q', { text: 'Old', createdAt: '2025-01-02T00:00:00Z' }),
        ],
      }),
    )

    expect(activeText(only(chats))).toBe('New')
  })
})

describe('our own format', () => {
  test('is read though a tool has put its names into another order', async () => {
    const chats = randomChats(5, 20)
    const { format, version, conversations } = JSON.parse(await jsonOf(chats))

    expect((await read({ conversations, format, version })).chats).toEqual(chats)
    await expect(read({ conversations, format, version: 2 })).rejects.toThrow('version is 2')
    await expect(read({ conversations })).rejects.toThrow('format should be')
  })
})

describe('a file that cannot be brought in', () => {
  test('is told to be in UTF-16', async () => {
    const bytes = Uint8Array.from(Buffer.from('\ufeff[{"mapping":{}}]', 'utf16le'))

    await expect(read(bytes)).rejects.toThrow('The file is in UTF-16.')
  })

  test('in an archive keeps nothing else of it out', async () => {
    const archive = zipSync({
      'conversations-000.json': strToU8(JSON.stringify([plainChatGpt()])),
      'conversations-001.json': strToU8('[]'),
    })

    const { chats, skipped } = await read(archive)

    expect(chats).toHaveLength(1)
    expect(reasons(skipped)).toContain('conversations-001.json: there are no conversations in it')
  })
})
