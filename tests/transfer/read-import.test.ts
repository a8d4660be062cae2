import { describe, expect, test } from 'vitest'
import {
  betterChatGpt,
  bigAgiBackup,
  chatbotUi,
  chatGptChat,
  chatGptMessage,
  claudeChat,
  grok,
  libreChat,
  libreMessage,
  nextChatBackup,
  openWebUiRow,
  plainChatGpt,
  text,
} from './foreign-files.ts'
import { activeText, only, outline, read } from './read-file.ts'

describe('a ChatGPT export', () => {
  test('keeps all branches, the active leaf, the model of each answer and the times', async () => {
    const { chats, sources, skipped } = await read([plainChatGpt()])

    const chat = only(chats)
    expect(sources).toEqual(['chatgpt'])
    expect(outline(chat)).toEqual(['user What is granite?', '  assistant A rock.', '  assistant An igneous rock.'])
    expect(activeText(chat)).toBe('An igneous rock.')
    expect(chat.messages.map(({ model }) => model)).toEqual([null, 'openai/gpt-4', 'openai/gpt-4o'])
    expect(chat).toMatchObject({ title: 'About stones', created_at: 1_700_000_000_000, updated_at: 1_700_000_100_500 })
    expect(skipped).toEqual([
      { chat: 'About stones', node: 'root', reason: 'the start of the tree, which says nothing' },
    ])
  })

  test('costs nothing and belongs to no device', async () => {
    const { chats } = await read([plainChatGpt()])

    for (const message of only(chats).messages) {
      expect(message).toMatchObject({ tokens_input: null, tokens_output: null, cost_nanousd: null, device_id: null })
    }
  })

  test('hangs what is below a hidden node on the nearest one above', async () => {
    const hidden = { metadata: { is_visually_hidden_from_conversation: true } }
    const { chats, skipped } = await read([
      chatGptChat({
        root: [null, null],
        system: ['root', chatGptMessage('system', text(''), hidden)],
        ask: ['system', chatGptMessage('user', text('Hi'))],
        between: ['ask', chatGptMessage('assistant', text('unseen'), hidden)],
        answer: ['between', chatGptMessage('assistant', text('Hello'))],
      }),
    ])

    expect(outline(only(chats))).toEqual(['user Hi', '  assistant Hello'])
    expect(skipped.map(({ node, reason }) => [node, reason])).toEqual([
      ['root', 'the start of the tree, which says nothing'],
      ['system', 'hidden in ChatGPT too'],
      ['between', 'hidden in ChatGPT too'],
    ])
  })

  test('folds thoughts, calls of tools and their answers into the reasoning of the answer', async () => {
    const { chats } = await read([
      chatGptChat({
        ask: [null, chatGptMessage('user', text('Sum'))],
        thoughts: [
          'ask',
          chatGptMessage('assistant', { content_type: 'thoughts', thoughts: [{ summary: 'Adding', content: '1+1' }] }),
        ],
        call: [
          'thoughts',
          chatGptMessage(
            'assistant',
            { content_type: 'code', language: 'python', text: '1+1' },
            { recipient: 'python' },
          ),
        ],
        result: [
          'call',
          chatGptMessage(
            'tool',
            { content_type: 'execution_output', text: '2' },
            { author: { role: 'tool', name: 'python' } },
          ),
        ],
        recap: ['result', chatGptMessage('assistant', { content_type: 'reasoning_recap', content: 'Thought for 3 s' })],
        answer: ['recap', chatGptMessage('assistant', text('Two.'))],
      }),
    ])

    const [, answer] = only(chats).messages
    expect(outline(only(chats))).toEqual(['user Sum', '  assistant Two.'])
    expect(answer?.reasoning).toBe(
      '**Adding**\n\n1+1\n\n*call of python*\n\n```python\n1+1\n```\n\n*answer of python*\n\n```\n2\n```',
    )
  })

  test('shows a line where a picture was, and counts it', async () => {
    const picture = { content_type: 'image_asset_pointer', asset_pointer: 'sediment://file_1', metadata: null }
    const { chats, missing } = await read([
      chatGptChat({
        ask: [null, chatGptMessage('user', { content_type: 'multimodal_text', parts: [picture, 'What is it?'] })],
      }),
    ])

    expect(only(chats).messages[0]?.content).toBe('*[picture: not brought in]*\n\nWhat is it?')
    expect(missing).toBe(1)
  })

  test('keeps sources, and takes their marks out of the text', async () => {
    const metadata = {
      citations: [{ start_ix: 0, end_ix: 1, metadata: { type: 'webpage', title: 'One', url: 'https://one.example' } }],
      content_references: [
        {
          type: 'grouped',
          items: [{ title: 'Two', url: 'https://two.example', snippet: 'S' }, { url: 'https://one.example' }],
        },
      ],
    }
    const { chats } = await read([
      chatGptChat({
        ask: [null, chatGptMessage('user', text('Q'))],
        answer: ['ask', chatGptMessage('assistant', text('So it is\uE200cite\uE202turn0search0\uE201.'), { metadata })],
      }),
    ])

    const [, answer] = only(chats).messages
    expect(answer?.content).toBe('So it is.')
    expect(answer?.citations.map(({ url, title }) => [url, title])).toEqual([
      ['https://one.example', 'One'],
      ['https://two.example', 'Two'],
    ])
  })

  test.each([
    ['a missing mapping', { mapping: undefined }],
    ['an empty mapping', { mapping: {} }],
    ['a mapping of nonsense', { mapping: 'x' }],
  ])('with %s is skipped, and said so', async (_, fields) => {
    const { chats, skipped } = await read([plainChatGpt(fields)])

    expect(chats).toEqual([])
    expect(skipped).toContainEqual({ chat: 'About stones', node: null, reason: 'there is no message in it' })
  })

  test('without title, times, metadata and current node takes what it can from the rest', async () => {
    const { chats } = await read([
      plainChatGpt({ title: null, create_time: null, update_time: null, current_node: null }),
      chatGptChat(
        { ask: [null, { author: { role: 'user' }, content: text('Alone') }] },
        { conversation_id: 'other', id: 'other', create_time: null, title: '' },
      ),
    ])

    expect(chats.map(({ title }) => title)).toEqual(['What is granite?', 'Alone'])
    expect(chats.map(({ created_at }) => created_at)).toEqual([1_700_000_010_000, 1_700_000_100_500])
    expect(chats[0] && activeText(chats[0])).toBe('An igneous rock.')
  })

  test('cuts a circle of messages once, and says where', async () => {
    const { chats, skipped } = await read([
      chatGptChat({
        a: ['c', chatGptMessage('user', text('A'))],
        b: ['a', chatGptMessage('assistant', text('B'))],
        c: ['b', chatGptMessage('user', text('C'))],
        self: ['self', chatGptMessage('user', text('Self'))],
      }),
    ])

    expect(only(chats).messages).toHaveLength(4)
    expect(skipped.map(({ node }) => node).sort()).toEqual(['a', 'self'])
  })

  test('of a chain of 20 000 messages is read without a stack', async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index): [string, [string | null, object]] => [
        `n${index}`,
        [
          index === 0 ? null : `n${index - 1}`,
          chatGptMessage(index % 2 === 0 ? 'user' : 'assistant', text(`t${index}`)),
        ],
      ]),
    )
    const mapping = Object.fromEntries(
      Object.entries(nodes).map(([id, [parent, message]]) => [id, { id, parent, message }]),
    )

    const { chats } = await read([plainChatGpt({ mapping, current_node: 'n19999' })])

    expect(only(chats).messages).toHaveLength(20_000)
    expect(activeText(only(chats))).toBe('t19999')
  })

  test('gives the same ids each time it is read, whatever pieces it comes in', async () => {
    const [first, second] = [await read([plainChatGpt()]), await read([plainChatGpt()], 7)]

    expect(second.chats).toEqual(first.chats)
    expect(only(first.chats).id).toMatch(/^018bcfe5-6800-7/)
  })

  test('keeps what nobody knows as it stands', async () => {
    const { chats } = await read([
      chatGptChat({ ask: [null, chatGptMessage('user', { content_type: 'hologram', depth: 3 })] }),
    ])

    expect(only(chats).messages[0]?.content).toContain('"content_type": "hologram"')
  })
})

describe('a Claude export', () => {
  test('brings text, thoughts, documents, uploads and sources, one after the other', async () => {
    const { chats, skipped, missing } = await read([claudeChat()])

    const chat = only(chats)
    const [ask, answer] = chat.messages
    expect(ask?.content).toBe(
      'Write a letter\n\n**notes.txt**\n\n````\nDear ``` sir\n````\n\n*[file “photo.jpg”: not brought in]*',
    )
    expect(answer?.content).toBe('Here it is\n\n**The letter**\n\n```\nDear sir\n```\n\nAnything else?')
    expect(answer?.reasoning).toContain('He wants a letter.')
    expect(answer?.reasoning).toContain('*call of web_search*')
    expect(answer?.reasoning).toContain('"hologram"')
    expect(answer?.citations[0]).toMatchObject({ url: 'https://example.org', start: 0, end: 4 })
    expect(skipped).toEqual([{ chat: 'A letter', node: 'm3', reason: 'no text in it' }])
    expect(missing).toBe(1)
    expect(chat.created_at).toBe(Date.parse('2025-01-02T03:04:05.678Z'))
  })

  test('with parents is a tree, whose end is where the file says', async () => {
    const say = (uuid: string, parent: string | null, sender: string) => ({
      uuid,
      parent_message_uuid: parent,
      sender,
      text: uuid,
      content: [],
    })
    const { chats } = await read([
      claudeChat({
        current_leaf_message_uuid: 'a1',
        chat_messages: [
          say('q1', '00000000-0000-4000-8000-000000000000'.replace(/[48]/g, '0'), 'human'),
          say('a1', 'q1', 'assistant'),
          say('a2', 'q1', 'assistant'),
        ],
      }),
    ])

    expect(outline(only(chats))).toEqual(['user q1', '  assistant a1', '  assistant a2'])
    expect(activeText(only(chats))).toBe('a1')
  })

  test('keeps answers of one moment in the order of the file', async () => {
    const say = (uuid: string, sender: string) => ({ uuid, sender, text: uuid, content: [] })
    const { chats } = await read([
      claudeChat({ chat_messages: [say('q', 'human'), say('a', 'assistant'), say('q2', 'human')] }),
    ])

    const times = only(chats).messages.map(({ created_at }) => created_at)
    expect(times[1]).toBe((times[0] ?? 0) + 1)
    expect(times[2]).toBe((times[0] ?? 0) + 2)
  })
})

describe('the other programs', () => {
  test('Open WebUI: both answers side by side, tags, archive, pin and folded reasoning', async () => {
    const { chats, sources } = await read([openWebUiRow()])

    const chat = only(chats)
    expect(sources).toEqual(['open-webui'])
    expect(outline(chat)).toEqual(['user Which is better?', '  assistant The first.', '  assistant The second.'])
    expect(chat.messages.map(({ reasoning }) => reasoning)).toEqual([
      null,
      'Hmm.',
      expect.stringContaining('Let me see.'),
    ])
    expect(chat.messages.map(({ model }) => model)).toEqual([null, 'open-webui/llama3:8b', 'open-webui/gpt-4o'])
    expect(chat).toMatchObject({
      tags: ['plain', 'two-words'],
      archived_at: expect.any(Number),
      pinned_at: expect.any(Number),
    })
    expect(activeText(chat)).toBe('The second.')
  })

  test('Open WebUI: a bare chat, alone or in a list', async () => {
    const { chat } = openWebUiRow()

    expect((await read([chat])).sources).toEqual(['open-webui'])
    expect((await read(chat)).sources).toEqual(['open-webui'])
  })

  test('LibreChat: the answer to an empty message stays, and a broken answer says so', async () => {
    const { chats, skipped } = await read(libreChat())

    const chat = only(chats)
    expect(outline(chat)).toEqual(['user Hi', '  assistant Hello', '  user Below an empty one', '    assistant Cut'])
    expect(chat.system_prompt).toBe('Be kind.')
    expect(chat.messages.find(({ content }) => content === 'Cut')?.status).toBe('error')
    expect(skipped).toEqual([{ chat: 'Branches', node: '3', reason: 'no text in it' }])
  })

  test('LibreChat: a nested tree, deeper than any other JSON may be', async () => {
    let tree: object = libreMessage('m299', null, { text: 'm299' })
    for (let index = 298; index >= 0; index--) {
      tree = {
        ...libreMessage(`m${index}`, null, { text: `m${index}`, isCreatedByUser: index % 2 === 0 }),
        children: [tree],
      }
    }

    const { chats } = await read(libreChat({ recursive: true, messages: undefined, messagesTree: [tree] }))

    expect(only(chats).messages).toHaveLength(300)
  })

  test.each([
    ['big-agi', bigAgiBackup, ['user Ask\n\n*[picture “cat”: not brought in]*', '  assistant Answer']],
    ['nextchat', nextChatBackup, ['user Ahoy\n\n*[picture: not brought in]*', '  assistant Arr']],
    ['betterchatgpt', betterChatGpt, ['user Q', '  assistant A']],
    ['chatbotui', chatbotUi, ['user Q', '  assistant A']],
    ['grok', grok, ['user Q', '  assistant A']],
  ])('%s', async (source, file, expected) => {
    const { chats, sources } = await read(file)

    expect(sources).toEqual([source])
    expect(outline(only(chats))).toEqual(expected)
  })

  test('no key that stands in a backup is brought along', async () => {
    const found = [await read(bigAgiBackup), await read(nextChatBackup)]

    expect(JSON.stringify(found)).not.toContain('canary')
  })
})

describe('an answer that the file has no prompt for', () => {
  test('gets one that says so, for every answer hangs on a prompt here', async () => {
    const { chats } = await read([chatGptChat({ hello: [null, chatGptMessage('assistant', text('Welcome'))] })])

    expect(outline(only(chats))).toEqual(['user (no prompt in the file)', '  assistant Welcome'])
  })

  test('and steps that branch in the middle of an answer stay apart', async () => {
    const { chats } = await read([
      chatGptChat({
        ask: [null, chatGptMessage('user', text('Q'))],
        step: ['ask', chatGptMessage('assistant', text('Step'))],
        one: ['step', chatGptMessage('assistant', text('One'))],
        two: ['step', chatGptMessage('assistant', text('Two'))],
      }),
    ])

    expect(outline(only(chats)).map(line => line.trim())).toEqual(
      expect.arrayContaining(['assistant One', 'assistant Two', 'assistant Step', 'user Q']),
    )
    expect(only(chats).messages).toHaveLength(6)
  })
})

describe('a file that cannot be brought in', () => {
  test.each([
    ['an empty list', '[]', /no conversations/],
    ['an object of something else', '{"name":"x"}', /no conversations/],
    ['no JSON', 'hello', /neither a JSON object nor a list/],
    ['a file that breaks off', '[{"mapping":{}},', /breaks off/],
    ['a file that goes on', '[] []', /behind its end/],
    ['an empty file', '', /empty/],
    ['JSON nested without end', `[${'['.repeat(200)}`, /nested more than 100 deep/],
    ['bytes that are not UTF-8', Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d), /not JSON in UTF-8/],
  ])('%s is told in words', async (_, content, words) => {
    await expect(read(content)).rejects.toThrow(words)
  })

  test('a list of strangers brings nothing, and each is counted', async () => {
    const { chats, skipped } = await read([{ a: 1 }, 5, null, 'text', []])

    expect(chats).toEqual([])
    expect(skipped.map(({ reason }) => reason)).toEqual(Array(5).fill('a conversation of no known format'))
  })

  test.each(['__proto__', 'constructor', 'toString'])('a member called %s is a member like any other', async name => {
    const { chats } = await read(
      `[{"conversation_id":"x","create_time":1,"${name}":{"mapping":1},"mapping":{"${name}":{"message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["Hi"]}},"parent":"${name}"}}}]`,
    )

    expect(outline(only(chats))).toEqual(['user Hi'])
    expect(Object.prototype).not.toHaveProperty('mapping')
  })

  test('text that no store takes is mended, not refused', async () => {
    const { chats } = await read([plainChatGpt({ title: `NUL\u0000 and half \ud800 of ${'x'.repeat(500)}` })])

    expect(only(chats).title).toHaveLength(300)
    expect(only(chats).title.isWellFormed()).toBe(true)
  })
})
