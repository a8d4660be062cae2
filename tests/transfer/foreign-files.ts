/** Files as the other programs write them, made from the field lists of their own parsers. */

type Node = Readonly<Record<string, unknown>>

const SECONDS = 1_700_000_000

export function chatGptMessage(role: string, content: unknown, fields: Node = {}): Node {
  return { author: { role, name: null, metadata: {} }, create_time: SECONDS + 10, content, recipient: 'all', ...fields }
}

export const text = (...parts: readonly unknown[]) => ({ content_type: 'text', parts })

/** `parents` tells where each node hangs; `messages` what is in it. */
export function chatGptChat(
  nodes: Readonly<Record<string, readonly [parent: string | null, message: Node | null]>>,
  fields: Node = {},
): Node {
  const mapping = Object.fromEntries(
    Object.entries(nodes).map(([id, [parent, message]]) => [
      id,
      { id, parent, message, children: Object.keys(nodes).filter(other => nodes[other]?.[0] === id) },
    ]),
  )
  return {
    id: 'chat-1',
    conversation_id: 'chat-1',
    title: 'About stones',
    create_time: SECONDS,
    update_time: SECONDS + 100.5,
    mapping,
    current_node: Object.keys(nodes).at(-1) ?? null,
    default_model_slug: 'gpt-4o',
    ...fields,
  }
}

export const plainChatGpt = (fields: Node = {}) =>
  chatGptChat(
    {
      root: [null, null],
      ask: ['root', chatGptMessage('user', text('What is granite?'))],
      first: ['ask', chatGptMessage('assistant', text('A rock.'), { metadata: { model_slug: 'gpt-4' } })],
      second: ['ask', chatGptMessage('assistant', text('An igneous rock.'), { create_time: SECONDS + 20 })],
    },
    fields,
  )

export const claudeChat = (fields: Node = {}) => ({
  uuid: 'c-1',
  name: 'A letter',
  created_at: '2025-01-02T03:04:05.678901Z',
  updated_at: '2025-01-02T04:00:00Z',
  account: { uuid: 'a' },
  chat_messages: [
    {
      uuid: 'm1',
      sender: 'human',
      text: 'Write a letter',
      content: [{ type: 'text', text: 'Write a letter' }],
      created_at: '2025-01-02T03:04:06Z',
      attachments: [{ file_name: 'notes.txt', file_size: 3, file_type: 'txt', extracted_content: 'Dear ``` sir' }],
      files: [{ file_name: 'photo.jpg' }],
    },
    {
      uuid: 'm2',
      sender: 'assistant',
      text: 'Here it is',
      content: [
        { type: 'thinking', thinking: 'He wants a letter.' },
        {
          type: 'text',
          text: 'Here it is',
          citations: [{ details: { type: 'web', url: 'https://example.org' }, start_index: 0, end_index: 4 }],
        },
        { type: 'tool_use', name: 'artifacts', input: { command: 'create', title: 'The letter', content: 'Dear sir' } },
        { type: 'tool_use', name: 'web_search', input: { query: 'letters' } },
        { type: 'tool_result', name: 'web_search', content: [{ type: 'text', title: 'A page', text: 'found' }] },
        { type: 'token_budget' },
        { type: 'hologram', value: 1 },
      ],
      created_at: '2025-01-02T03:04:06Z',
    },
    { uuid: 'm3', sender: 'human', text: '', content: [], created_at: '2025-01-02T03:05:00Z' },
    { uuid: 'm4', sender: 'assistant', text: 'Anything else?', content: [], created_at: '2025-01-02T03:06:00Z' },
  ],
  ...fields,
})

export const openWebUiRow = (fields: Node = {}) => ({
  id: 'row-1',
  user_id: 'u',
  title: 'Side by side',
  created_at: SECONDS,
  updated_at: SECONDS + 50,
  archived: true,
  pinned: true,
  meta: { tags: ['two words', 'plain'] },
  chat: {
    title: 'Side by side',
    models: ['llama3:8b', 'gpt-4o'],
    history: {
      currentId: 'b',
      messages: {
        q: {
          id: 'q',
          parentId: null,
          childrenIds: ['a', 'b'],
          role: 'user',
          content: 'Which is better?',
          timestamp: SECONDS + 1,
        },
        a: {
          id: 'a',
          parentId: 'q',
          role: 'assistant',
          model: 'llama3:8b',
          content: '<details type="reasoning" done="true"><summary>Thought</summary>\n> Hmm.\n</details>\nThe first.',
          timestamp: SECONDS + 2,
        },
        b: {
          id: 'b',
          parentId: 'q',
          role: 'assistant',
          model: 'gpt-4o',
          content: 'ignored',
          timestamp: SECONDS + 3,
          output: [
            { type: 'reasoning', content: [{ type: 'output_text', text: 'Let me see.' }] },
            { type: 'function_call', call_id: '1', name: 'look', arguments: '{"at":1}' },
            { type: 'function_call_output', call_id: '1', output: [{ type: 'text', text: 'seen' }] },
            { type: 'message', content: [{ type: 'output_text', text: 'The second.' }] },
          ],
        },
      },
    },
    messages: [{ id: 'linear copy' }],
  },
  ...fields,
})

export const libreChat = (fields: Node = {}) => ({
  conversationId: 'lc-1',
  endpoint: 'openAI',
  title: 'Branches',
  exportAt: '10:00:00',
  branches: true,
  recursive: false,
  options: { model: 'gpt-4o', promptPrefix: 'Be kind.', temperature: 1 },
  messages: [
    libreMessage('1', '00000000-0000-0000-0000-000000000000', { isCreatedByUser: true, text: 'Hi' }),
    libreMessage('2', '1', {
      text: '',
      content: [
        { type: 'think', think: 'Greet.' },
        { type: 'text', text: { value: 'Hello' } },
      ],
    }),
    libreMessage('3', '1', { text: '', content: [] }),
    libreMessage('4', '3', { isCreatedByUser: true, text: 'Below an empty one' }),
    libreMessage('5', '4', { text: 'Cut', unfinished: true }),
  ],
  ...fields,
})

export function libreMessage(id: string, parent: string | null, fields: Node): Node {
  const plain = { isCreatedByUser: false, sender: 'GPT', model: 'gpt-4o', endpoint: 'openAI' }
  return { messageId: id, conversationId: 'lc-1', parentMessageId: parent, ...plain, ...fields }
}

export const bigAgiBackup = {
  conversations: [
    {
      id: 'ba-1',
      autoTitle: 'Big',
      created: SECONDS * 1000,
      updated: SECONDS * 1000 + 9,
      messages: [
        {
          id: 'm1',
          role: 'user',
          created: SECONDS * 1000 + 1,
          fragments: [
            { ft: 'content', part: { pt: 'text', text: 'Ask' } },
            { ft: 'attachment', part: { pt: 'image_ref', altText: 'cat' } },
          ],
        },
        {
          id: 'm2',
          role: 'assistant',
          created: SECONDS * 1000 + 2,
          generator: { name: 'gpt-5' },
          fragments: [{ ft: 'content', part: { pt: 'text', text: 'Answer' } }],
        },
      ],
    },
  ],
  folders: { folders: [] },
  models: { sources: [{ id: 'openai', setup: { oaiKey: 'sk-canary' } }] },
}

export const nextChatBackup = {
  'access-control': { openaiApiKey: 'sk-canary' },
  'chat-next-web-store': {
    sessions: [
      {
        id: 'nx-1',
        topic: 'Next',
        lastUpdate: SECONDS * 1000,
        mask: { context: [{ id: 's', role: 'system', content: 'Speak like a pirate.' }], modelConfig: {} },
        messages: [
          {
            id: 'a',
            date: '1/2/2025, 3:04:05 PM',
            role: 'user',
            content: [
              { type: 'text', text: 'Ahoy' },
              { type: 'image_url', image_url: {} },
            ],
          },
          { id: 'b', date: '1/2/2025, 3:04:06 PM', role: 'assistant', content: 'Arr', model: 'gpt-4o' },
        ],
      },
    ],
  },
}

export const betterChatGpt = {
  version: 1,
  chats: [
    {
      id: 'b-1',
      title: 'Better',
      titleSet: true,
      config: { model: 'gpt-4', temperature: 1 },
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'Q' },
        { role: 'assistant', content: 'A' },
      ],
    },
  ],
  folders: {},
}

export const chatbotUi = {
  version: 4,
  history: [
    {
      id: 1,
      name: 'Bot',
      model: { id: 'gpt-3.5' },
      prompt: 'P',
      messages: [
        { role: 'user', content: 'Q' },
        { role: 'assistant', content: 'A' },
      ],
    },
  ],
  folders: [],
}

export const grok = {
  conversations: [
    {
      conversation: { id: 'g-1', title: 'Grok', starred: true, create_time: '2025-05-05T05:05:05Z' },
      responses: [
        {
          response: {
            _id: 'r1',
            message: 'Q',
            sender: 'human',
            create_time: { $date: { $numberLong: '1746421505000' } },
          },
        },
        {
          response: {
            _id: 'r2',
            message: 'A',
            sender: 'ASSISTANT',
            model: 'grok-3',
            parent_response_id: 'r1',
            create_time: { $date: '2025-05-05T05:05:07Z' },
          },
        },
      ],
    },
  ],
}
